"""The channels by which notifications reach people outside of the page."""

from notifications.deliveries.channels import register
from notifications.mail.channel import CHANNEL as MAIL
from notifications.push.channel import CHANNEL as PUSH

register(MAIL)
register(PUSH)
