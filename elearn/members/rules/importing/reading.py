"""Rows of a sheet become people, each value in its one form, each fault at its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from elearn.lib.grid import FORMULA_WITHOUT_VALUE, Cell, SheetGrid
from elearn.lib.legacy_encodings import convert_legacy
from elearn.members.rules.importing import sorts, values
from elearn.members.rules.importing.columns import FIELDS, IGNORED
from elearn.members.rules.importing.dates import MAX_AGE, MIN_AGE, Habit, age_on, habit_of, read_day
from elearn.members.rules.importing.layout import Layout, RowSorter
from elearn.members.rules.importing.rows import ERROR, WARNING, CellProblem, PersonRow

_DATES = ("birth_date", "birth_year_male", "birth_year_female", "joined_on", "official_on")
_NAME_PARTS = ("family_name", "middle_name", "given_name")
_MARKS = {
    "male_mark": ("sex", "male"),
    "female_mark": ("sex", "female"),
    "official_mark": ("kind", "official"),
    "probationary_mark": ("kind", "probationary"),
}
_OTHER_SEX = {"male_mark": "female_mark", "female_mark": "male_mark"}
_CUT_WHEN_LONG = frozenset(("note", "education", "hometown", "position", "ordinal"))
_CACHED = 20_000
_MAX_CACHED_TEXT = 100
_MAX_RAW = 500
_JOINING_AGE = 16  # anybody younger at joining is a slip of the pen somewhere

_DAY_MESSAGES = {
    "date_unreadable": "Không đọc được ngày “%(text)s”; hãy ghi dạng ngày/tháng/năm, ví dụ 02/03/1985.",
    "date_impossible": "Ngày “%(text)s” không có trong lịch.",
    "date_in_future": "Ngày “%(text)s” ở tương lai.",
    "date_too_early": "Ngày “%(text)s” trước năm 1900.",
    "two_digit_year": "Năm chỉ có hai chữ số: “%(text)s” được hiểu là %(value)s.",
    "month_first": "“%(text)s” có vẻ ghi tháng trước ngày, được hiểu là %(value)s.",
    "day_month_ambiguous": "Cột này lẫn cách ghi ngày trước và tháng trước; “%(text)s” được hiểu là %(value)s.",
    "day_month_swapped": "Các ô ngày của cột này có thể đã bị bảng tính đảo ngày và tháng; “%(text)s” được hiểu là %(value)s.",
}
_Found = tuple[dict[str, str], tuple[CellProblem, ...]]


def read_rows(grid: SheetGrid, layout: Layout, mapping: Mapping[int, str] | None = None, *, today: date) -> Iterator[PersonRow]:
    """The people of a sheet in its order; `mapping` (column → field) replaces the one of the layout, as corrected by a person."""
    reader = _Reader(grid, layout, layout.mapping if mapping is None else mapping, today)
    units = _UnitHeadings()
    for number in range(layout.first_row, layout.last_row + 1):
        row = _converted(grid.rows[number - 1], layout.legacy)
        sort = reader.sorter.sort(row)
        if sort == sorts.UNIT:
            units.meet(row)
        elif sort == sorts.PERSON or (sort == sorts.OTHER and reader.has_fault(number)):
            units.after_heading = False
            yield reader.person(number, row, units.unit, units.parent)


def list_left_out(grid: SheetGrid, layout: Layout, mapping: Mapping[int, str] | None = None) -> Iterator[tuple[int, str, str]]:
    """Rows below the headings that were not read as people, so that nothing vanishes untold: row number, what it is taken for, its text.

    What it is taken for is a constant of `sorts`; empty rows are not named.
    """
    mapping = layout.mapping if mapping is None else mapping
    sorter = RowSorter({column: field for column, field in mapping.items() if field and field != IGNORED}, layout.headings())
    faulty = {row for row, _column in grid.faults}
    for number in range(layout.first_row, len(grid.rows) + 1):
        row = _converted(grid.rows[number - 1], layout.legacy)
        sort = sorter.sort(row)
        if number > layout.last_row and sort != sorts.BLANK:
            sort = sorts.SIGNATURE
        if sort not in (sorts.PERSON, sorts.BLANK) and not (sort == sorts.OTHER and number in faulty):
            yield number, sort, " | ".join(values.clean(sorts.text_of(cell)) for cell in row if not sorts.is_empty(cell))[:200]


def _converted(row: Sequence[Cell], legacy: str) -> Sequence[Cell]:
    return [convert_legacy(cell, legacy)[0] if isinstance(cell, str) else cell for cell in row] if legacy else row


class _UnitHeadings:
    """The unit whose heading was met last, and the one above it: a heading that directly follows another stands below it."""

    def __init__(self) -> None:
        self.unit = self.parent = ""
        self.after_heading = False
        self._level = self._parent_level = ("", False)

    def meet(self, row: Sequence[Cell]) -> None:
        """Takes in a heading row."""
        texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
        heading = sorts.unit_name(values.clean(max(texts, key=len)))[:200]
        level = sorts.heading_level(values.clean(" ".join(texts)))
        if self.after_heading and level != self._level:
            self.parent, self._parent_level = self.unit, self._level
        elif level == self._parent_level != self._level or heading.lower().startswith(("đảng bộ", "đảng ủy", "đảng uỷ")):
            self.parent, self._parent_level = "", ("", False)
        self.unit, self._level, self.after_heading = heading, level, True


class _Reader:
    """What stays the same for all rows of a sheet."""

    def __init__(self, grid: SheetGrid, layout: Layout, mapping: Mapping[int, str], today: date) -> None:
        self.grid = grid
        self.today = today
        self.mapping = {column: field for column, field in sorted(mapping.items()) if field and field != IGNORED}
        self.sorter = RowSorter(self.mapping, layout.headings())
        self.headings = {guess.column: guess.heading for guess in layout.columns}
        self.column_of = {field: column for column, field in reversed(self.mapping.items())}
        self.names = [(column, field) for field in _NAME_PARTS for column, name in self.mapping.items() if name == field]
        first, last = layout.first_row - 1, layout.last_row
        self.habits = {
            column: habit_of(row[column] for row in grid.rows[first:last] if column < len(row))
            for column, field in self.mapping.items()
            if field in _DATES
        }
        self.cache: dict[tuple[int, Cell], _Found] = {}
        self.faulty_rows = {row for row, _column in grid.faults}
        self.single_mark = {
            field for field in self.mapping.values() if field in _OTHER_SEX and _OTHER_SEX[field] not in self.mapping.values()
        }

    def has_fault(self, number: int) -> bool:
        """Whether a cell of the row has an error in place of a value."""
        return number in self.faulty_rows

    def person(self, number: int, row: Sequence[Cell], unit: str, parent: str) -> PersonRow:
        """The row as a person."""
        found: dict[str, str] = {}
        raw: dict[str, str] = {}
        problems: list[CellProblem] = []
        width = len(row)
        for column, field in self.mapping.items():
            cell = row[column] if column < width else None
            if cell is None or cell == "":
                if field in self.single_mark:
                    found.setdefault("sex", "male" if field == "female_mark" else "female")
                continue
            text = sorts.text_of(cell)[:_MAX_RAW]
            if field in raw:
                raw[field] += " | " + text
            else:
                raw[field] = text
            if field in _NAME_PARTS:
                continue
            read, said = self._read(column, field, cell)
            self._take(found, problems, column, field, read)
            problems.extend(said)
        if self.names:
            self._join_name(row, found, problems)
        if number in self.faulty_rows:
            problems.extend(self._faults(number))
        if "birth_day" in raw or "birth_month" in raw or "birth_year" in raw:
            self._join_birth(raw, found, problems)
        self._compare(found, problems, raw)
        if unit and parent and "parent_unit" not in found:
            found["parent_unit"] = parent
        return PersonRow(number, self.grid.name, found, raw, tuple(problems), unit, number in self.grid.hidden_rows)

    def _take(self, found: dict[str, str], problems: list[CellProblem], column: int, field: str, read: dict[str, str]) -> None:
        """Adds what a cell gave; two columns that contradict each other are a fault."""
        for key, value in read.items():
            if key in found and found[key] != value:
                if field in ("birth_year_male", "birth_year_female", "male_mark", "female_mark"):
                    problems.append(CellProblem(field, column, "sex_both", "Cả hai cột Nam và Nữ đều được điền."))
                elif key == "sex":
                    problems.append(CellProblem(field, column, "sex_both", "Giới tính ở hai cột khác nhau."))
                elif key in ("note", "education"):
                    found[key] = f"{found[key]}; {value}"[:200]
                elif key == "kind":
                    problems.append(CellProblem(field, column, "kind_both", "Vừa đánh dấu chính thức vừa đánh dấu dự bị."))
            else:
                found[key] = value

    def _read(self, column: int, field: str, cell: Cell) -> _Found:
        key = (column, cell)
        known = self.cache.get(key)
        if known is not None and (not isinstance(cell, bool)):
            return known
        result = self._convert(column, field, cell)
        is_short = not isinstance(cell, str) or len(cell) <= _MAX_CACHED_TEXT
        if is_short and len(self.cache) < _CACHED and field not in ("full_name", "phone", "email", "national_id", "card_number"):
            self.cache[key] = result
        return result

    def _convert(self, column: int, field: str, cell: Cell) -> _Found:
        text = values.clean(sorts.text_of(cell))
        if not text:
            return {}, ()
        if field in _DATES:
            return self._day(column, field, cell, text)
        if field in _MARKS:
            return self._mark(column, field, text)
        if field in ("birth_day", "birth_month", "birth_year"):
            return {}, ()
        limit = FIELDS[field].max_length if field in FIELDS else 200
        if len(text) > limit:
            said = self._problem(
                field, column, "too_long", "Dài hơn %(limit)s ký tự.", WARNING if field in _CUT_WHEN_LONG else ERROR, limit=limit
            )
            return ({field: text[:limit]} if field in _CUT_WHEN_LONG else {}), (said,)
        was_number = not isinstance(cell, str)
        value, remarks = self._converter(column, field, was_number)(text)
        said_all = tuple(
            self._problem(field, column, code, message, severity, text=text[:60], value=value)
            for code, message, severity in remarks
        )
        return ({field: value} if value else {}), said_all

    def _converter(self, column: int, field: str, was_number: bool) -> Callable[[str], values.Converted]:
        if field == "full_name":
            return values.name
        if field == "sex":
            codes = values.sex_codes(self.headings.get(column, ""))
            return lambda text: values.sex(text, codes)
        if field == "phone":
            return lambda text: values.phone(text, was_number=was_number)
        if field == "national_id":
            return lambda text: values.national_id(text, was_number=was_number)
        if field == "email":
            return values.email
        if field == "kind":
            return lambda text: ("official", ()) if values.mark(text) else values.kind(text)
        return lambda text: (text, ())

    @staticmethod
    def _problem(field: str, column: int, code: str, message: str, severity: str, **places: object) -> CellProblem:
        return CellProblem(field, column, code, message, places, severity)

    def _day(self, column: int, field: str, cell: Cell, text: str) -> _Found:
        """The cell as a day; under "Nam | Nữ" it tells the sex as well, and so does a mere tick."""
        is_birth = field not in ("joined_on", "official_on")
        key = "birth_date" if is_birth else field
        sex = {"birth_year_male": {"sex": "male"}, "birth_year_female": {"sex": "female"}}.get(field, {})
        if sex and isinstance(cell, str) and values.mark(text) is not None and not text.isdigit():
            return (sex if values.mark(text) else {}), ()
        reading = read_day(
            cell if not isinstance(cell, str) else text,
            today=self.today,
            youngest=MIN_AGE if is_birth else 0,
            habit=self.habits.get(column, Habit()),
        )
        if reading.fault or reading.day is None:
            return dict(sex), (self._problem(field, column, reading.fault, _DAY_MESSAGES[reading.fault], ERROR, text=text[:60]),)
        shown = reading.day.strftime({"day": "%d/%m/%Y", "month": "%m/%Y", "year": "%Y"}[reading.precision])
        said: list[CellProblem] = []
        if is_birth:
            too_young = age_on(self.today, reading.day) < MIN_AGE
            if too_young or age_on(self.today, reading.day) > MAX_AGE:
                message = "Sinh %(value)s thì chưa đủ %(limit)s tuổi." if too_young else "Sinh %(value)s thì đã hơn %(limit)s tuổi."
                limit = MIN_AGE if too_young else MAX_AGE
                return dict(sex), (self._problem(field, column, "age_unlikely", message, ERROR, value=shown, limit=limit),)
        if reading.doubt:
            said.append(
                self._problem(field, column, reading.doubt, _DAY_MESSAGES[reading.doubt], WARNING, text=text[:60], value=shown)
            )
        precision = "birth_precision" if is_birth else f"{field}_precision"
        return {key: reading.day.isoformat(), precision: reading.precision, **sex}, tuple(said)

    def _mark(self, column: int, field: str, text: str) -> _Found:
        key, value = _MARKS[field]
        ticked = values.mark(text)
        if ticked is None:
            word = values.plain(text)
            if key == "sex" and word in ("nam", "nu"):
                return {"sex": "male" if word == "nam" else "female"}, ()
            return {}, (
                self._problem(
                    field, column, "mark_unknown", "Không hiểu dấu “%(text)s”; hãy ghi x hoặc để trống.", ERROR, text=text[:60]
                ),
            )
        if ticked:
            return {key: value}, ()
        return ({"sex": "male" if field == "female_mark" else "female"} if field in self.single_mark else {}), ()

    def _join_name(self, row: Sequence[Cell], found: dict[str, str], problems: list[CellProblem]) -> None:
        parts = [values.clean(sorts.text_of(row[column])) for column, _field in self.names if column < len(row)]
        whole = " ".join(part for part in parts if part)
        if not whole or "full_name" in found:
            return
        column, field = self.names[-1]
        if len(whole) > FIELDS["full_name"].max_length:
            problems.append(
                self._problem(field, column, "too_long", "Dài hơn %(limit)s ký tự.", ERROR, limit=FIELDS["full_name"].max_length)
            )
            return
        value, remarks = values.name(whole)
        found["full_name"] = value
        problems.extend(
            self._problem(field, column, code, message, severity, text=whole, value=value) for code, message, severity in remarks
        )
        if any(name == "given_name" for _column, name in self.names) and not parts[-1]:
            problems.append(
                self._problem(field, column, "given_name_missing", "Thiếu tên: chỉ có họ và đệm “%(text)s”.", ERROR, text=whole)
            )

    def _join_birth(self, raw: Mapping[str, str], found: dict[str, str], problems: list[CellProblem]) -> None:
        """Day, month and year in three columns."""
        parts = [
            raw.get(field, "").strip(" .0").strip() and raw[field].strip() for field in ("birth_day", "birth_month", "birth_year")
        ]
        text = "/".join(part for part in parts if part)
        column = self.column_of.get("birth_year", self.column_of.get("birth_day", -1))
        if not text or "birth_date" in found:
            return
        read, said = self._day(column, "birth_date", text, text)
        found.update(read)
        problems.extend(said)

    def _faults(self, number: int) -> Iterator[CellProblem]:
        for column, field in self.mapping.items():
            fault = self.grid.faults.get((number, column))
            if fault == FORMULA_WITHOUT_VALUE:
                yield CellProblem(
                    field,
                    column,
                    "formula_without_value",
                    "Ô có công thức nhưng tệp không lưu kết quả; hãy mở bằng Excel rồi lưu lại.",
                )
            elif fault:
                yield self._problem(field, column, "error_value", "Ô báo lỗi %(error)s thay vì giá trị.", ERROR, error=fault)

    def _compare(self, found: Mapping[str, str], problems: list[CellProblem], raw: Mapping[str, str]) -> None:
        """What the cells of a row say of each other."""
        name = found.get("full_name", "")
        if not name and not any(problem.field in ("full_name", *_NAME_PARTS) for problem in problems):
            column = self.column_of.get("full_name", self.column_of.get("given_name", -1))
            problems.append(CellProblem("full_name", column, "name_missing", "Thiếu họ và tên."))
        elif name and " " not in name:
            column = self.column_of.get("full_name", self.column_of.get("given_name", -1))
            problems.append(CellProblem("full_name", column, "name_short", "Họ tên chỉ có một chữ.", severity=WARNING))
        identity = found.get("national_id", "")
        if len(identity) == 12 and identity[3] in "0123":
            self._compare_identity(identity, found, problems)
        born, joined = found.get("birth_date", ""), found.get("joined_on", "")
        if born and joined and int(joined[:4]) - int(born[:4]) < _JOINING_AGE:
            column = self.column_of.get("joined_on", -1)
            problems.append(
                CellProblem(
                    "joined_on", column, "joined_too_young", "Vào Đảng khi chưa đủ 18 tuổi so với ngày sinh.", severity=WARNING
                )
            )
        official = found.get("official_on", "")
        if joined and official and official < joined and found.get("official_on_precision") == "day":
            column = self.column_of.get("official_on", -1)
            problems.append(
                CellProblem(
                    "official_on", column, "official_before_joined", "Ngày chính thức trước ngày vào Đảng.", severity=WARNING
                )
            )

    def _compare_identity(self, identity: str, found: Mapping[str, str], problems: list[CellProblem]) -> None:
        """The fourth digit of a citizen's number tells century and sex, the two after it the year of birth."""
        century_and_sex = int(identity[3])
        year = (1900 + 100 * (century_and_sex // 2)) + int(identity[4:6])
        column = self.column_of.get("national_id", -1)
        if found.get("birth_date") and int(found["birth_date"][:4]) != year:
            message = "Số định danh cho năm sinh %(year)s, khác ngày sinh đã ghi."
            problems.append(self._problem("national_id", column, "identity_disagrees_birth", message, WARNING, year=year))
        if found.get("sex") and found["sex"] != ("female" if century_and_sex % 2 else "male"):
            problems.append(
                CellProblem(
                    "national_id",
                    column,
                    "identity_disagrees_sex",
                    "Số định danh cho giới tính khác với cột giới tính.",
                    severity=WARNING,
                )
            )
