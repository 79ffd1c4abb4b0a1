"""Letters about notifications: at once, after quiet hours, or as a digest."""
