"""The channels by which notifications reach people outside of the page."""

from notifications.deliveries.channels import register
from notifications.mail.channel import CHANNEL

register(CHANNEL)
