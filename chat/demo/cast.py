"""The people of the demonstration: names in several scripts, from several zones."""

from collections.abc import Iterator
from itertools import count, product
from typing import NamedTuple


class Character(NamedTuple):
    """Somebody who is made up."""

    username: str
    name: str
    zone: str = ""
    is_bot: bool = False


OWNER = Character("ada", "Ada Moreno")
BOT = Character("deploys", "Deploy bot", is_bot=True)

TEAM = (
    Character("jonas", "Jonas Lindqvist", "Europe/Stockholm"),
    Character("zeynep", "Zeynep Çağlar", "Europe/Istanbul"),
    Character("irina", "Ирина Волкова", "Europe/Belgrade"),
    Character("eleni", "Ελένη Παππά", "Europe/Athens"),
    Character("layla", "ليلى حداد", "Asia/Amman"),
    Character("noa", "נועה ברק", "Asia/Jerusalem"),
    Character("priya", "प्रिया नायर", "Asia/Kolkata"),
    Character("lihua", "陳麗華", "Asia/Taipei"),
    Character("haruka", "さくらい はるか", "Asia/Tokyo"),
    Character("minseo", "김민서", "Asia/Seoul"),
    Character("amara", "Amara Okafor", "Africa/Lagos"),
    Character("oskar", "Oskar Wiśniewski", "Europe/Warsaw"),
    Character("claire", "Claire Dubois-Lefèvre", "Europe/Paris"),
    Character("mateo", "Mateo Ibáñez", "America/Bogota"),
    Character("tuan", "Nguyễn Anh Tuấn", "Asia/Ho_Chi_Minh"),
    Character("greta", "Greta Weiß", "Europe/Berlin"),
    Character("sam", "Sam Taylor", "America/Chicago"),
    Character("dmytro", "Дмитро Шевченко", "Europe/Kyiv"),
    Character("giorgos", "Γιώργος Νικολάου", "Europe/Athens"),
    Character("omar", "عمر منصور", "Africa/Cairo"),
    Character("yael", "יעל שגב", "Asia/Jerusalem"),
    Character("arjun", "अर्जुन मेहता", "Asia/Kolkata"),
    Character("wei", "王伟", "Asia/Shanghai"),
    Character("kenji", "森 けんじ", "Asia/Tokyo"),
    Character("jiwoo", "박지우", "Asia/Seoul"),
    Character("freya", "Freya Ólafsdóttir", "Atlantic/Reykjavik"),
    Character("kofi", "Kofi", "Africa/Accra"),
    Character("ines", "Inês Carvalho", "Europe/Lisbon"),
    Character("bela", "Szabó Béla", "Europe/Budapest"),
    Character("maximiliane", "Maximiliane von Hohenfels-Rautenberg", "Europe/Vienna"),
    Character("lee", "Lee", "Australia/Perth"),
    Character("nadia", "Надія Коваленко", "Europe/Kyiv"),
    Character("sione", "Sione Tupou", "Pacific/Tongatapu"),
    Character("aroha", "Aroha Ngata", "Pacific/Auckland"),
)

# Names that go with each other without being inflected: username, as it is written.
FAMILIES = (
    (
        (("anna", "Anna"), ("felix", "Felix"), ("mira", "Mira"), ("theo", "Theo"), ("ruth", "Ruth")),
        (("berg", "Berg"), ("keller", "Keller"), ("quint", "Quint"), ("stone", "Stone")),
        "{given} {family}", "Europe/Zurich",
    ),
    (
        (("olena", "Олена"), ("petro", "Петро"), ("maria", "Марія"), ("ivan", "Іван")),
        (("tkachenko", "Ткаченко"), ("bondar", "Бондар"), ("moroz", "Мороз"), ("koval", "Коваль")),
        "{given} {family}", "Europe/Kyiv",
    ),
    (
        (("sofia", "Σοφία"), ("katerina", "Κατερίνα"), ("dafni", "Δάφνη")),
        (("alexiou", "Αλεξίου"), ("georgiou", "Γεωργίου"), ("manou", "Μάνου")),
        "{given} {family}", "Europe/Athens",
    ),
    (
        (("mariam", "مريم"), ("yusuf", "يوسف"), ("salma", "سلمى"), ("karim", "كريم")),
        (("najjar", "نجار"), ("khatib", "خطيب"), ("sabbagh", "صباغ"), ("rifai", "رفاعي")),
        "{given} {family}", "Asia/Beirut",
    ),
    (
        (("tamar", "תמר"), ("eitan", "איתן"), ("shira", "שירה"), ("amit", "עמית")),
        (("golan", "גולן"), ("dayan", "דיין"), ("shaked", "שקד"), ("peled", "פלד")),
        "{given} {family}", "Asia/Jerusalem",
    ),
    (
        (("anita", "अनीता"), ("rohan", "रोहन"), ("kavya", "काव्या"), ("dev", "देव")),
        (("joshi", "जोशी"), ("rao", "राव"), ("desai", "देसाई"), ("menon", "मेनन")),
        "{given} {family}", "Asia/Kolkata",
    ),
    (
        (("ming", "明"), ("xue", "雪"), ("jun", "军"), ("lan", "兰"), ("tao", "涛")),
        (("zhang", "张"), ("liu", "刘"), ("zhao", "赵"), ("sun", "孙"), ("lin", "林")),
        "{family}{given}", "Asia/Shanghai",
    ),
    (
        (("hina", "ひな"), ("sora", "そら"), ("yui", "ゆい"), ("riku", "りく")),
        (("mori", "もり"), ("hayashi", "はやし"), ("ueda", "うえだ"), ("okada", "おかだ")),
        "{family} {given}", "Asia/Tokyo",
    ),
    (
        (("seoyeon", "서연"), ("dohyun", "도현"), ("hana", "하나"), ("junho", "준호")),
        (("choi", "최"), ("jung", "정"), ("kang", "강"), ("yoon", "윤")),
        "{family}{given}", "Asia/Seoul",
    ),
)  # fmt: skip


def characters() -> Iterator[Character]:
    """Yield ever more people: the team, then others. Two may have the same name."""
    yield BOT
    yield from TEAM
    for round_number in count(1):
        for given, families, order, zone in FAMILIES:
            for (given_latin, given_name), (family_latin, family_name) in product(given, families):
                name = order.format(given=given_name, family=family_name)
                number = "" if round_number == 1 else str(round_number)
                yield Character(f"{given_latin}.{family_latin}{number}", name, zone)
