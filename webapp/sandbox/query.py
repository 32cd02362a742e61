"""The query language: from text to a Query, by a tokenizer and a recursive descent.

Grammar: https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-
api/data-queries
"""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from . import faults

DEFAULT_RESULTS = 100
MOST_RESULTS = 1000
# Longer texts and more conditions than anybody writes; they keep the answer's time bounded.
LONGEST_TEXT, MOST_CONDITIONS = 65_536, 100
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?(?![\w.:-]))|(?P<word>[\w.:+-]+)"
    r"|(?P<sign><=|>=|!=|[=<>(),*]))",
    re.DOTALL,
)
COMPARISONS = ("=", "!=", "<", ">", "<=", ">=", "LIKE", "IN")


@dataclass
class Condition:
    """One comparison of the WHERE clause; values has several members only for IN."""

    property: str
    operator: str
    values: list[str]


@dataclass
class Query:
    """What a query asks for. fields: None for everything; count: only how many."""

    entity: str
    fields: list[str] | None = None
    count: bool = False
    conditions: list[Condition] = field(default_factory=list)
    order: list[tuple[str, str]] = field(default_factory=list)
    start: int = 1
    limit: int = DEFAULT_RESULTS


def parse(text: str) -> Query:
    """Read a query; raises Fault 4000 for what is not in the grammar, 4001 for numbers out of range."""
    if len(text) > LONGEST_TEXT:
        raise faults.parse_error(f"The query has more than {LONGEST_TEXT} characters.")
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position = 0
    text = text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise faults.parse_error(
                f'Encountered "{text[position : position + 20]}" at column {position + 1}.'
            )
        kind = match.lastgroup or ""
        tokens.append((kind, match[kind]))
        position = match.end()
    return [*tokens, ("end", "<EOF>")]


class _Parser:
    """One pass over the tokens; each method reads one rule of the grammar."""

    def __init__(self, tokens: list[tuple[str, str]]):
        self.tokens = tokens
        self.at = 0

    def query(self) -> Query:
        self.expect("SELECT")
        fields, count = self.selection()
        self.expect("FROM")
        query = Query(self.word(), fields, count)
        if self.accept("WHERE"):
            query.conditions = self.conditions()
        if self.accept("ORDERBY") or (self.peek("ORDER") and self.two_words("ORDER", "BY")):
            query.order = self.order()
        self.paging(query)
        if self.tokens[self.at][0] != "end":
            self.fail()
        return query

    def selection(self) -> tuple[list[str] | None, bool]:
        if self.peek("COUNT"):
            self.expect("COUNT", "(", "*", ")")
            return None, True
        names = [self.selected()]
        while self.accept(","):
            names.append(self.selected())
        return (None if "*" in names else names), False

    def selected(self) -> str:
        return "*" if self.accept("*") else self.word()

    def conditions(self) -> list[Condition]:
        found = [self.condition()]
        while self.accept("AND"):
            found.append(self.condition())
        if len(found) > MOST_CONDITIONS:
            raise faults.query_error(f"a query has at most {MOST_CONDITIONS} conditions")
        return found

    def condition(self) -> Condition:
        name = self.word()
        operator = self.tokens[self.at][1].upper()
        if operator not in COMPARISONS:
            self.fail()
        self.at += 1
        return Condition(name, operator, self.several() if operator == "IN" else [self.value()])

    def several(self) -> list[str]:
        self.expect("(")
        values = [self.value()]
        while self.accept(","):
            values.append(self.value())
        self.expect(")")
        return values

    def value(self) -> str:
        kind, text = self.tokens[self.at]
        if kind not in ("text", "number", "word"):
            self.fail()
        self.at += 1
        return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if kind == "text" else text

    def order(self) -> list[tuple[str, str]]:
        found = [self.ordered()]
        while self.accept(","):
            found.append(self.ordered())
        return found

    def ordered(self) -> tuple[str, str]:
        name = self.word()
        if self.accept("DESC"):
            return name, "DESC"
        self.accept("ASC")
        return name, "ASC"

    def paging(self, query: Query) -> None:
        """Both clauses in either order, each at most once."""
        left = {"STARTPOSITION", "MAXRESULTS"}
        while (clause := self.tokens[self.at][1].upper()) in left:
            left.remove(clause)
            self.at += 1
            number = self.number()
            if clause == "STARTPOSITION":
                query.start = _in_range(number, 1, 2**31)
            else:
                query.limit = _in_range(number, 1, MOST_RESULTS)

    def number(self) -> int:
        kind, text = self.tokens[self.at]
        if kind != "number" or not re.fullmatch(r"-?\d{1,10}", text):
            self.fail()
        self.at += 1
        return int(text)

    def word(self) -> str:
        kind, text = self.tokens[self.at]
        if kind != "word":
            self.fail()
        self.at += 1
        return text

    def peek(self, keyword: str) -> bool:
        kind, text = self.tokens[self.at]
        return kind in ("word", "sign") and text.upper() == keyword

    def accept(self, keyword: str) -> bool:
        if self.peek(keyword):
            self.at += 1
            return True
        return False

    def two_words(self, *keywords: str) -> bool:
        self.expect(*keywords)
        return True

    def expect(self, *keywords: str) -> None:
        for keyword in keywords:
            if not self.accept(keyword):
                self.fail()

    def fail(self) -> NoReturn:
        raise faults.parse_error(f'Encountered "{self.tokens[self.at][1][:40]}" where it is not expected.')


def _in_range(number: int, least: int, most: int) -> int:
    if number < least:
        raise faults.query_error(f"value {number} is too small. Min allowed value is {least}")
    if number > most:
        raise faults.query_error(f"value {number} is too large. Max allowed value is {most}")
    return number
