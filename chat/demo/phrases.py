"""What the made-up team says in passing, in its languages.

`{n}`, `{time}`, `{file}`, `{version}`, `{ticket}` and `{place}` are filled in: things that no
language inflects, so that a few sentences become many.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """How a conversation begins, how it goes on, and what is said in a word."""

    openers: tuple[str, ...]
    answers: tuple[str, ...]
    words: tuple[str, ...]


ENGLISH = Language(
    openers=(
        "Has anybody looked at {ticket} yet?",
        "{version} is out. Nothing broke so far, which makes me nervous.",
        "The tests in `{file}` fail on every {n}th run, and I cannot see why.",
        "I moved the meeting to {time}. Shout if that is bad for you.",
        "Who wrote the comment in `{file}` that only says *sorry*?",
        "Reminder: the office is closed on Friday.",
        "A customer asks whether they can have more than {n} rooms. Can they?",
        "Somebody left a bicycle helmet in {place}.",
        "I would like to remove {n} lines from `{file}`. Any objections?",
        "The heating in {place} is on again, at last.",
        "We had {n} sign-ups yesterday, most of them after {time}.",
        "Could one of you read the draft before {time}?",
        "The certificate runs out in {n} days. I put it into the calendar, and into {ticket}.",
        "My laptop is being repaired. Until {time} I answer from my phone, slowly.",
        "What is our rule for names that do not fit on a line?",
        "**Heads-up:** I restart the staging machine at {time}.",
        "Does anybody remember why we do not allow spaces there?",
        "I found the cause of {ticket}. It is a time zone. It is always a time zone.",
        "New people start on Monday. Who shows them around?",
        "The page about holidays is wrong in {n} places; I am mending it now.",
        "Can we please agree on one word for this? I counted {n}.",
        "The build takes {n} minutes since this morning.",
        "Lunch at {time} in {place}?",
        "I turned the flag on for everybody. Metrics look flat, as they should.",
    ),
    answers=(
        "I saw it too, on `{version}`.",
        "Let me look after lunch.",
        "That was me. Reverting.",
        "Works for me.",
        "I would rather wait until {time}.",
        "It is in {ticket}, near the end.",
        "No objections, as long as `{file}` stays.",
        "We tried that in spring and it took {n} days to undo.",
        "Thank you for writing this down!",
        "Could you add a test for it? It came back {n} times already.",
        "Not on my machine, of course.",
        "Agreed, but let us ask the others first.",
        "I think the answer is in the handbook, somewhere below the photo of the dog.",
        "It depends on what you mean by *done*.",
        "Ask me again at {time}.",
        "I read it twice and still do not understand the second paragraph.",
        "Then we need {n} of them, not one.",
        "That is a much better idea than mine.",
        "Half of it is finished; the other half is the difficult one.",
        "You can delete it. Nobody has opened it since {version}.",
        "Done, and `{file}` is a third shorter.",
        "I am in {place} if somebody wants to look at it together.",
        "Hm. The numbers say something else: {n} before, {n} after.",
        "Please do not wait for me.",
    ),
    words=("Yes", "No", "Thanks!", "👍", "🎉", "+1", "Sure", "On it", "🙏 thank you", "lol", "Nice!", "Why?", "✅", "ok"),
)  # fmt: skip

GERMAN = Language(
    openers=(
        "Hat jemand schon auf {ticket} geschaut?",
        "Die Spülmaschine in {place} piept seit {time}. Bitte nicht ausschalten, nur ausräumen.",
        "Ich habe `{file}` aufgeräumt, es sind {n} Zeilen weniger.",
        "Morgen früh kommt der Elektriker, gegen {time} ist der Strom kurz weg.",
        "Wer hat Lust auf eine Runde um den See?",
        "{version} läuft seit gestern Abend ohne einen einzigen Fehler.",
        "Weiß jemand, wo der Schlüssel für den Fahrradkeller geblieben ist?",
        "Das Formular lässt keine Nachnamen mit weniger als drei Buchstaben zu. Herr Ng ist nicht begeistert.",
    ),
    answers=(
        "Mache ich gleich.",
        "Bei mir ging es erst nach dem zweiten Versuch.",
        "Das steht in {ticket}, ganz unten.",
        "Ich wäre für {time}, vorher bin ich unterwegs.",
        "Gute Frage. Eigentlich sollte es so sein, aber niemand weiß mehr, warum.",
        "Danke, dass du dich darum kümmerst!",
        "Da fehlen noch {n} Stück.",
        "Das war ich, Entschuldigung.",
        "Lass uns das lieber in Ruhe besprechen.",
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen passt übrigens auch nicht in die Spalte.",
    ),
    words=(
        "Ja",
        "Nein",
        "Passt",
        "Danke!",
        "Genau",
        "Super 🎉",
        "Ach so",
        "Na klar",
        "👍",
        "Prost 🍻",
    ),
)

FRENCH = Language(
    openers=(
        "Quelqu’un a-t-il relu {ticket} ?",
        "La machine à café est réparée, profitez-en avant {time}.",
        "J’ai trouvé {n} fautes dans `{file}`, dont une dans le titre.",
        "La réunion commence à {time}, dans {place}.",
        "La version {version} est en ligne.",
        "Qui vient au marché ce midi ?",
        "Il me manque encore {n} réponses pour le sondage.",
    ),
    answers=(
        "Je m’en occupe.",
        "Ça me va, à condition de finir avant {time}.",
        "Je ne comprends pas bien la question, tu peux donner un exemple ?",
        "C’est noté dans {ticket}.",
        "Très bonne idée, comme d’habitude.",
        "Attention, `{file}` sert encore ailleurs.",
        "Je regarde ça demain matin, promis.",
        "Il en reste {n}, servez-vous.",
    ),
    words=(
        "Oui",
        "Non",
        "Merci !",
        "Parfait",
        "D’accord",
        "Bravo 👏",
        "Tout à fait",
        "Aïe",
        "À demain",
    ),
)

SPANISH = Language(
    openers=(
        "¿Alguien ha visto {ticket}?",
        "Hoy cierro yo, salgo a las {time}.",
        "Acabo de publicar {version}. ¿Lo prueban, por favor?",
        "En {place} hay fruta para todos.",
        "`{file}` tarda {n} segundos en cargar, ¿es normal?",
        "¿Qué día les queda mejor para la reunión?",
        "Mañana es feriado, así que nadie contesta el teléfono.",
    ),
    answers=(
        "Sí, lo estoy mirando ahora mismo.",
        "A mí me funciona.",
        "Mejor a las {time}, antes no puedo.",
        "Gracias por avisar.",
        "Creo que ya lo arreglamos en {version}.",
        "¿Y si lo hacemos entre los dos?",
        "Faltan {n}, pero casi está.",
        "No lo toques todavía, por favor.",
    ),
    words=(
        "Sí",
        "No",
        "¡Gracias!",
        "Listo",
        "Claro que sí",
        "¡Qué bien! 🎉",
        "Dale",
        "Ahora voy",
        "👍",
    ),
)

POLISH = Language(
    openers=(
        "Czy ktoś już sprawdził {ticket}?",
        "Wersja {version} działa od rana bez zarzutu.",
        "Spotkanie przenoszę na {time}, dobrze?",
        "W pliku `{file}` jest {n} ostrzeżeń.",
        "Kto dziś zamawia obiad?",
    ),
    answers=(
        "Zaraz zobaczę.",
        "U mnie wszystko gra.",
        "Dopisałem to do {ticket}.",
        "Świetnie, dziękuję za pomoc!",
        "Wolałabym o {time}.",
        "Zażółć gęślą jaźń, skoro już testujemy ogonki.",
    ),
    words=("Tak", "Nie", "Dzięki!", "Jasne", "Super", "Już idę", "👍"),
)

UKRAINIAN = Language(
    openers=(
        "Хтось уже дивився {ticket}?",
        "Версія {version} на сервері, перевірте, будь ласка.",
        "О {time} збираємося, {place}.",
        "У `{file}` залишилося {n} помилок.",
        "Хто забув парасольку біля дверей?",
    ),
    answers=(
        "Так, зараз подивлюся.",
        "У мене все працює.",
        "Я записала це в {ticket}.",
        "Давайте краще о {time}.",
        "Дуже дякую, ти нас урятував.",
        "Не поспішай, до завтра ще є час.",
    ),
    words=("Так", "Ні", "Дякую!", "Добре", "Чудово 🌻", "Вже йду", "👍"),
)

GREEK = Language(
    openers=(
        "Κοίταξε κανείς το {ticket};",
        "Η έκδοση {version} ανέβηκε χωρίς προβλήματα.",
        "Η συνάντηση είναι στις {time}.",
        "Στο `{file}` υπάρχουν {n} λάθη ακόμα.",
        "Ποιος θα φέρει καφέ;",
    ),
    answers=(
        "Το βλέπω τώρα.",
        "Σε μένα δουλεύει.",
        "Το έγραψα στο {ticket}.",
        "Καλύτερα στις {time}, αν γίνεται.",
        "Ευχαριστώ πολύ για τη βοήθεια!",
        "Να το συζητήσουμε αύριο με ησυχία.",
    ),
    words=("Ναι", "Όχι", "Ευχαριστώ!", "Εντάξει", "Τέλεια 🎉", "Έρχομαι", "👍"),
)

ARABIC = Language(
    openers=(
        "هل راجع أحدكم {ticket}؟",
        "الإصدار {version} يعمل منذ الصباح بلا مشاكل.",
        "الاجتماع الساعة {time} إن شاء الله.",
        "في الملف `{file}` بقي {n} أخطاء.",
        "من يريد القهوة؟",
    ),
    answers=(
        "سأنظر فيه الآن.",
        "يعمل عندي كما ينبغي.",
        "كتبت ذلك في {ticket}.",
        "أفضّل الساعة {time} لو سمحتم.",
        "شكرًا جزيلًا على المساعدة!",
        "لنتحدث عنه غدًا بهدوء.",
    ),
    words=("نعم", "لا", "شكرًا!", "تمام", "ممتاز 🎉", "حاضر", "👍"),
)

HEBREW = Language(
    openers=(
        "מישהו הסתכל כבר על {ticket}?",
        "גרסה {version} עובדת מאז הבוקר בלי תקלות.",
        "הפגישה עברה לשעה {time}.",
        "נשארו {n} שגיאות בקובץ `{file}`.",
        "מי שכח מטרייה ליד הדלת?",
    ),
    answers=(
        "אני בודקת עכשיו.",
        "אצלי זה עובד.",
        "רשמתי את זה ב־{ticket}.",
        "עדיף בשעה {time}, אם אפשר.",
        "תודה רבה על העזרה!",
        "בואו נדבר על זה מחר בנחת.",
    ),
    words=("כן", "לא", "תודה!", "בסדר", "מעולה 🎉", "בדרך", "👍"),
)

HINDI = Language(
    openers=(
        "क्या किसी ने {ticket} देखा?",
        "संस्करण {version} सुबह से बिना किसी गड़बड़ी के चल रहा है।",
        "बैठक {time} बजे होगी।",
        "`{file}` में अब भी {n} गलतियाँ हैं।",
        "चाय कौन बनाएगा?",
    ),
    answers=(
        "मैं अभी देखती हूँ।",
        "मेरे यहाँ ठीक चल रहा है।",
        "यह {ticket} में लिख दिया है।",
        "{time} बजे बेहतर रहेगा।",
        "मदद के लिए बहुत धन्यवाद!",
        "इस पर कल आराम से बात करते हैं।",
    ),
    words=("हाँ", "नहीं", "धन्यवाद!", "ठीक है", "बहुत बढ़िया 🎉", "आ रहा हूँ", "👍"),
)

JAPANESE = Language(
    openers=(
        "{ticket}をもう見た人はいますか？",
        "{version}を公開しました。今のところ問題ありません。",
        "会議は{time}からに変わりました。",
        "`{file}`にまだ{n}件の警告があります。",
        "おみやげのお菓子があります。ご自由にどうぞ。",
        "昨日の資料はどこに置きましたか？",
    ),
    answers=(
        "いま確認します。",
        "こちらでは動いています。",
        "{ticket}に書いておきました。",
        "{time}のほうが助かります。",
        "ありがとうございます、とても助かりました！",
        "明日もう一度ゆっくり話しましょう。",
        "なるほど、そういうことでしたか。",
    ),
    words=("はい", "いいえ", "了解です", "ありがとう！", "すごい🎉", "お疲れさまです", "👍"),
)

CHINESE = Language(
    openers=(
        "有人看过{ticket}了吗？",
        "{version}已经上线，目前一切正常。",
        "会议改到{time}。",
        "`{file}`里还有{n}个警告。",
        "今天中午吃什么？",
        "谁的雨伞忘在门口了？",
    ),
    answers=(
        "我现在就看。",
        "我这边没问题。",
        "已经写在{ticket}里了。",
        "{time}比较方便。",
        "非常感谢你的帮助！",
        "明天再慢慢讨论吧。",
        "原来是这样，怪不得。",
    ),
    words=("好的", "不行", "谢谢！", "收到", "太好了🎉", "马上来", "👍"),
)

KOREAN = Language(
    openers=(
        "{ticket} 보신 분 있나요?",
        "{version} 배포했습니다. 아직까지는 문제없어요.",
        "회의가 {time}로 바뀌었습니다.",
        "`{file}`에 아직 경고가 {n}개 있습니다.",
        "오늘 점심은 뭘 먹을까요?",
    ),
    answers=(
        "지금 바로 볼게요.",
        "저는 잘 됩니다.",
        "{ticket}에 적어 두었습니다.",
        "{time}가 더 좋겠어요.",
        "도와주셔서 정말 감사합니다!",
        "내일 천천히 이야기해요.",
    ),
    words=("네", "아니요", "감사합니다!", "좋아요", "최고예요 🎉", "가는 중이에요", "👍"),
)

MACHINE = Language(
    openers=(
        "`{version}` goes to production ({n} changes).",
        "Tests of `{version}`: **{n} passed**, 0 failed.",
        "`{file}` changed in {ticket}: waiting for a review.",
        "Backup finished at {time}: {n} GB.",
    ),
    answers=("`{version}` is live on {n} machines.", "Rolled back to `{version}` at {time}.", "All checks are green."),
    words=("✅ done", "⏳ waiting", "✅ healthy"),
)  # fmt: skip

LANGUAGES = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "pl": POLISH,
    "uk": UKRAINIAN,
    "el": GREEK,
    "ar": ARABIC,
    "he": HEBREW,
    "hi": HINDI,
    "ja": JAPANESE,
    "zh": CHINESE,
    "ko": KOREAN,
    "bot": MACHINE,
}
# Of a room where everybody writes as they like.
MIXTURE = tuple(name for name in LANGUAGES if name != "bot")
