"""A device in words that its owner recognises, from the name a browser gives itself."""

from __future__ import annotations

# The order matters: Edge and Opera also call themselves Chrome, Chrome also calls itself Safari.
_BROWSERS = (
    ("Zalo", "Zalo"), ("Edg", "Edge"), ("OPR", "Opera"), ("coc_coc", "Cốc Cốc"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Macintosh", "máy Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def device_words(agent: str) -> tuple[str, dict[str, str]]:
    """A message and its values, such as "Chrome trên Windows"; what is unknown is said so."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if browser and system:
        return "%(browser)s trên %(system)s", {"browser": browser, "system": system}
    if system or browser:
        return "%(name)s", {"name": system or browser}
    return "Thiết bị không rõ loại", {}
