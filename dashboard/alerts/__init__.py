"""Alerts: rules that watch what is measured, and speak in rooms when it is not as it should be."""
