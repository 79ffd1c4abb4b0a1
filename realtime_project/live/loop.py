"""The event loop that a server process runs on."""


def install() -> None:
    """Use uvloop where it is installed: about a quarter less CPU per frame.

    To be called before anything imports daphne, which makes its loop when it is imported.
    """
    try:
        import uvloop
    except ImportError:
        return
    uvloop.install()
