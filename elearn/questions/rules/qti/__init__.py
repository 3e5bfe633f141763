"""Question and Test Interoperability (1EdTech): items and packages of versions 2.0–2.2 and 3.0, read and written.

Both versions share one reader: names of version 3 are turned into those of version 2 while parsing (`xml`). Response processing is carried
out, not guessed at (`processing`): what a response earns and which feedback it shows is found by asking the item itself.
"""
