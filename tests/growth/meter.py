"""Counts what our code does, so that growth can be asserted on a machine that is busy with
something else.

Everything imported from `journeys` after `install()` is rewritten on the way in. Counted are: each
call, each turn of a loop or comprehension, and what one line hides in C: a look-up in a list or
text by how far it goes; slices, stars, sums of lists, texts put together and comparisons by their
length; and every call of what is not ours (json, re, hashlib, dict(), sorted()) by the length of
what it is given and of what it gives. What takes the same time however long its object is (len,
dict.get, list.append) counts as one. An object inside what another program is given is not weighed.
"""

import ast
import builtins
import dataclasses
import importlib.abc
import importlib.machinery
import itertools
import operator
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType, MethodType

PACKAGE = "journeys"
LEFT = ("journeys.migrations", "journeys.practice")
KEYS, VALUES, ITEMS = type({}.keys()), type({}.values()), type({}.items())
SIZED = (
    str,
    bytes,
    bytearray,
    list,
    tuple,
    dict,
    set,
    frozenset,
    deque,
    Counter,
    KEYS,
    VALUES,
    ITEMS,
)
SCANNED = (list, tuple, deque, str, bytes, VALUES, ITEMS)
LAZY = (map, filter, zip, enumerate, reversed, itertools.chain)
STEADY = {
    len,
    isinstance,
    issubclass,
    id,
    hash,
    getattr,
    hasattr,
    setattr,
    iter,
    next,
    range,
    type,
    callable,
}
STEADY |= {itertools.count, itertools.repeat, dataclasses.replace, dataclasses.field}
STEADY_METHODS = {
    *(
        "append",
        "appendleft",
        "add",
        "get",
        "setdefault",
        "keys",
        "values",
        "items",
        "popleft",
        "popitem",
        "discard",
        "move_to_end",
    ),
    *("isascii", "bit_length", "start", "end", "group", "groups", "hexdigest", "digest"),
}
UNTOUCHED = {"super", "locals", "globals", "vars", "dir"}  # they look at the frame that calls them

total = 0


def install() -> None:
    for name, function in HELPERS.items():
        setattr(builtins, name, function)
    sys.meta_path.insert(0, Finder())


def counted(work, *arguments: object) -> int:
    """How much `work` does."""
    before = total
    work(*arguments)
    return total - before


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path=None, target=None):
        if name.split(".")[0] != PACKAGE or name.startswith(LEFT):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Loader(spec.loader.name, spec.loader.path)
        return spec


class Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, name: str):
        return compile(
            metered(self.get_data(self.path).decode()), self.path, "exec", dont_inherit=True
        )


def metered(source: str) -> ast.Module:
    return ast.fix_missing_locations(Metered().visit(ast.parse(source)))


class Metered(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        at = 1 if ast.get_docstring(node) is not None else 0
        node.body.insert(at, ast.Expr(_asked("tick")))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.generic_visit(node)
        node.body = _asked("second", _asked("tick"), node.body)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        self.generic_visit(node)
        node.iter = _asked("turns", node.iter)
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, ast.Expr(_asked("tick")))
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.iter = _asked("turns", node.iter)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in UNTOUCHED:
            return node
        return ast.copy_location(
            ast.Call(ast.Name(_name("called"), ast.Load()), [node.func, *node.args], node.keywords),
            node,
        )

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) > 1:
            return node
        helper = {ast.In: "held", ast.NotIn: "not_held", ast.Eq: "equal", ast.NotEq: "unequal"}.get(
            type(node.ops[0])
        )
        return _asked(helper, node.left, node.comparators[0]) if helper else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return _asked("joined", ast.Constant(type(node.op).__name__), node.left, node.right)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        node.value = _asked("weighed", node.value)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        if any(
            isinstance(part, ast.Starred) for target in node.targets for part in ast.walk(target)
        ):
            node.value = _asked("weighed", node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        self.generic_visit(node)
        return _asked("weighed", node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        node.value = self.visit(node.value)  # a format is no text of its own
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        is_read = isinstance(node.slice, ast.Slice) and isinstance(node.ctx, ast.Load)
        return _asked("weighed", node) if is_read else node

    def visit_List(self, node: ast.List) -> ast.AST:
        self.generic_visit(node)
        starred = isinstance(node.ctx, ast.Load) and any(
            isinstance(item, ast.Starred) for item in node.elts
        )
        return _asked("weighed", node) if starred else node

    visit_Tuple = visit_List

    def visit_Set(self, node: ast.Set) -> ast.AST:
        self.generic_visit(node)
        return _asked("weighed", node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        self.generic_visit(node)
        return _asked("weighed", node) if None in node.keys else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node


def _name(helper: str) -> str:
    return f"__meter_{helper}__"


def _asked(helper: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(_name(helper), ast.Load()), list(arguments), [])


def size(value: object) -> int:
    return len(value) if isinstance(value, SIZED) else 0


def tick() -> None:
    global total
    total += 1


def second(_first: object, value: object) -> object:
    return value


def turns(found) -> Iterator:
    global total
    for item in found:
        total += 1
        yield item


def weighed(value: object) -> object:
    global total
    total += 1 + size(value)
    return value


def called(function, *arguments: object, **named: object) -> object:
    global total
    total += 1
    if function in STEADY if function.__hash__ else False:
        return function(*arguments, **named)
    if _is_ours(function):
        return function(*arguments, **named)
    given = function(*arguments, **named)
    if function in LAZY:
        return turns(given)
    total += _cost(function, arguments, named, given)
    return given


def _is_ours(function) -> bool:
    if type(function) in (FunctionType, MethodType) or isinstance(function, type):
        return str(getattr(function, "__module__", "")).startswith(PACKAGE)
    return not isinstance(function, BuiltinFunctionType) and str(
        getattr(function, "__module__", "")
    ).startswith(PACKAGE)


def _cost(function, arguments: tuple, named: dict, given: object) -> int:
    owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
    if isinstance(owner, type(sys)):  # a function of a module
        owner = None
    if owner is not None and (
        name in STEADY_METHODS or (name == "pop" and (not arguments or isinstance(owner, dict)))
    ):
        return 0
    if name == "__init__" and not isinstance(
        owner, SIZED
    ):  # Django's forms keep what they are given as it is
        return 0
    if isinstance(owner, set | frozenset | dict) and name in ("remove", "update", "isdisjoint"):
        return sum(map(size, arguments))
    if isinstance(owner, list) and name == "extend":
        return sum(map(size, arguments))
    if isinstance(owner, re.Pattern) and name in ("match", "fullmatch"):
        return given.end() - given.start() if given else 1
    if isinstance(owner, str | bytes) and name in ("startswith", "endswith"):
        return sum(map(size, arguments))
    if (
        isinstance(owner, str | bytes)
        and name in ("find", "rfind", "count", "index")
        and len(arguments) > 1
    ):
        start, end = arguments[1], arguments[2] if len(arguments) > 2 else len(owner)
        return abs(given - start) if name == "find" and given >= 0 else end - start
    if function is sorted or name == "sort":
        many = size(given) or size(owner)
        return many * max(1, many.bit_length())
    weights = [size(argument) for argument in (*arguments, *named.values(), given, owner)]
    return sum(weights)


def held(item: object, container: object) -> bool:
    global total
    found = item in container
    if not isinstance(container, SCANNED):
        total += 1
    elif found and isinstance(container, list | tuple):
        total += 1 + container.index(item)
    else:
        total += 1 + len(container)
    return found


def not_held(item: object, container: object) -> bool:
    return not held(item, container)


def equal(one: object, other: object) -> object:
    global total
    found = one == other
    total += 1
    if found is True and one is not other and isinstance(one, SIZED):
        total += _deep(one)
    return found


def unequal(one: object, other: object) -> object:
    equal(one, other)
    return one != other


def _deep(value: object) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_deep, value.values()))
    if isinstance(value, list | tuple):
        return len(value) + sum(map(_deep, value))
    return size(value)


OPERATORS = {
    **{
        "Add": operator.add,
        "Sub": operator.sub,
        "Mult": operator.mul,
        "Div": operator.truediv,
        "Mod": operator.mod,
    },
    **{
        "FloorDiv": operator.floordiv,
        "Pow": operator.pow,
        "LShift": operator.lshift,
        "RShift": operator.rshift,
    },
    **{
        "BitOr": operator.or_,
        "BitAnd": operator.and_,
        "BitXor": operator.xor,
        "MatMult": operator.matmul,
    },
}


def joined(name: str, one: object, other: object) -> object:
    global total
    given = OPERATORS[name](one, other)
    total += 1
    if name == "BitAnd" and isinstance(one, SIZED):
        total += min(size(one), size(other))
    elif name == "Sub" and isinstance(one, SIZED):
        total += size(one)
    elif isinstance(given, SIZED):
        total += size(given)
    return given


HELPERS = {
    _name(function.__name__): function
    for function in (tick, second, turns, weighed, called, held, not_held, equal, unequal, joined)
}
