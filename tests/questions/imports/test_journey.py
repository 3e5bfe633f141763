from tests.questions.imports.conftest import FAULTY, SOUND


def test_first(hands):
    hands.open(SOUND)
    print(hands.page("?show=all"))
    hands.open(FAULTY)
    print(hands.page())
    print(hands.page("/rows/2"))
    print(hands.post("/rows/2/reading", typed="Câu 2: a\nA. x\nB. y\nĐáp án: A").text)
    print(hands.client.get(hands.url).text)
    print(hands.client.get("/admin/questions/lich-su/export").text)
