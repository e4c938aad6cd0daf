"""Real numbers at 60 digits and more, what the program printed, and how the two are compared.

A *truth* is an interval that contains the true value: narrow where the oracle computes it, [attained, inf] for a supremum of which
only attained values are known. What the program *found* is refuted where the two are disjoint, never by a tolerance.
"""
import contextlib
import math
from dataclasses import dataclass
from fractions import Fraction

import gmpy2
from gmpy2 import mpfr, mpq

BITS = 240  # 72 digits

_EMAX, _EMIN = gmpy2.get_emax_max(), gmpy2.get_emin_min()


def set_up(bits=BITS):
    """The context of this thread: `bits` of mantissa, the widest exponents, round to nearest."""
    context = gmpy2.get_context()
    context.precision, context.emax, context.emin = bits, _EMAX, _EMIN
    context.round = gmpy2.RoundToNearest


set_up()


def bits_now():
    """The precision at hand."""
    return gmpy2.get_context().precision


@contextlib.contextmanager
def precision(bits):
    """with precision(480): ... computes at that many bits."""
    before = gmpy2.get_context().precision
    gmpy2.get_context().precision = int(bits)
    try:
        yield
    finally:
        gmpy2.get_context().precision = before


def rational(value):
    """A float, integer, Fraction or decimal text such as 0.1, 1/3, 1e3, 2^20 as an exact rational."""
    if isinstance(value, str):
        if "^" in value:
            base, power = value.split("^")
            return mpq(base) ** int(power)
        return mpq(Fraction(value))
    if isinstance(value, float):
        return mpq(Fraction(value))
    return mpq(value)


def real(value):
    """The same, rounded to the precision at hand."""
    if isinstance(value, str):
        return mpfr(rational(value)) if "/" in value or "^" in value else mpfr(value)
    return mpfr(value)


def epsilon():
    """2^-bits of the precision at hand."""
    return mpfr(2) ** (-bits_now())


INF = mpfr("inf")
TINY = mpfr(2) ** -1000000000  # stands for what is positive and below the range of exponents


@dataclass(frozen=True)
class Truth:
    """The true value lies in [lo, hi]."""
    lo: object
    hi: object

    def __mul__(self, factor):
        """Times a number >= 0 (of relative accuracy 2^-bits) or another nonnegative truth."""
        if isinstance(factor, Truth):
            return widened(self.lo * factor.lo, self.hi * factor.hi)
        return widened(self.lo * factor, self.hi * factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor):
        """Nonnegative truth over a positive one."""
        if not isinstance(divisor, Truth):
            divisor = Truth(divisor, divisor)
        low = self.lo / divisor.hi if divisor.hi > 0 else mpfr(0)
        high = self.hi / divisor.lo if divisor.lo > 0 else INF
        return widened(low, high)


def magnitude(value):
    """|log2 |value||, roughly; 0 for what has none."""
    return abs(gmpy2.get_exp(value)) if gmpy2.is_finite(value) and value != 0 else 0


def widened(lo, hi, relative=None):
    """Truth(lo, hi) with both ends moved out by a relative 2^(16-bits), times the logarithm of the larger one: an exponential loses as many
    digits as its argument has in front of its point."""
    if relative is None:
        factor = mpfr(2) ** (16 - bits_now()) * (1 + max(magnitude(mpfr(lo)), magnitude(mpfr(hi))))
    else:
        factor = relative
    return Truth(lo - abs(lo) * factor if gmpy2.is_finite(lo) else lo, hi + abs(hi) * factor if gmpy2.is_finite(hi) else hi)


def about(value, absolute=0):
    """The truth is `value`, computed with a relative error below 2^(16-bits) and an absolute one below `absolute`."""
    value = mpfr(value)
    near = widened(value, value)
    return Truth(near.lo - absolute, near.hi + absolute)


def half(truth):
    """Half of a truth >= 0, rounded outward."""
    return truth * mpfr("0.5")


def exactly(value):
    return Truth(mpfr(value), mpfr(value))


def at_least(value):
    """A supremum that attains `value`."""
    return Truth(about(value).lo, INF)


def at_most(value):
    """An infimum that attains `value`."""
    return Truth(-INF, about(value).hi)


def between(lo, hi):
    return Truth(lo, hi)


ANYTHING = Truth(-INF, INF)


@dataclass(frozen=True)
class Found:
    """What the program printed: an enclosure [lo, hi] (sense 'enclosure'), or one known end ('at_most': hi, 'at_least': lo)."""
    lo: object
    hi: object
    sense: str
    not_applicable: str  # empty, or why there is no such number on this instance
    text: tuple

    def __str__(self):
        return self.not_applicable or "%s [%s, %s]" % (self.sense, self.text[0], self.text[1])


def bits_of(*texts):
    """Bits that tell printed decimals apart: more than 10/3 for each digit."""
    return max(512, 4 * max(len(str(text)) for text in texts) + 64)


def parse_decimal(text, downward):
    """A printed decimal at as many bits as its digits need, rounded outward: 'downward' for a lower end."""
    text = str(text)
    with gmpy2.local_context(gmpy2.get_context(), precision=bits_of(text), round=gmpy2.RoundDown if downward else gmpy2.RoundUp):
        return mpfr(text)


def parse_found(node):
    """{"lo", "hi", "sense"?, "not_applicable"?} of the JSON. A missing sense means an enclosure."""
    if node is None:
        return Found(-INF, INF, "enclosure", "missing", ("?", "?"))
    lo, hi = node.get("lo", "-inf"), node.get("hi", "inf")
    return Found(parse_decimal(lo, True), parse_decimal(hi, False), node.get("sense", "enclosure"),
                 node.get("not_applicable", "") or "", (lo, hi))


def refutes(truth, found):
    """Why `found` is certainly wrong, or None. One-sided numbers are judged by their known end alone."""
    if found.not_applicable:
        return None
    if gmpy2.is_nan(found.lo) or gmpy2.is_nan(found.hi):
        return "not a number"
    if found.lo > found.hi:
        return "lower end above the upper end"
    if found.sense != "at_least" and found.hi < truth.lo:
        return "upper end %s below the truth %s" % (found.text[1], shown(truth.lo))
    if found.sense != "at_most" and found.lo > truth.hi:
        return "lower end %s above the truth %s" % (found.text[0], shown(truth.hi))
    if found.sense == "enclosure" and gmpy2.is_infinite(found.lo) and found.lo == found.hi and gmpy2.is_finite(truth.hi):
        return "both ends infinite, truth %s" % shown(truth.hi)
    return None


def relation_of(lhs, relation, rhs):
    """True, False or None (cannot tell) for 'lhs relation rhs' between two truths (or two founds taken as enclosures)."""
    if relation == "<=":
        return True if lhs.hi <= rhs.lo else False if lhs.lo > rhs.hi else None
    if relation == "<":
        return True if lhs.hi < rhs.lo else False if lhs.lo >= rhs.hi else None
    if relation == ">=":
        return relation_of(rhs, "<=", lhs)
    return relation_of(rhs, "<", lhs)


def as_interval(found):
    """The interval that the printed number proves: the unknown end of a one-sided number is infinite."""
    lo = -INF if found.sense == "at_most" else found.lo
    hi = INF if found.sense == "at_least" else found.hi
    return Truth(lo, hi)


def relation_printed(lhs, relation, rhs):
    """relation_of two founds as they are printed: decimals, compared exactly. (Both are rounded alike at bits that tell them apart, so what
    differs stays different and what is equal stays equal.)"""
    with gmpy2.local_context(gmpy2.get_context(), precision=bits_of(*lhs.text, *rhs.text), round=gmpy2.RoundToNearest):
        sides = [as_interval(Found(mpfr(str(one.text[0])), mpfr(str(one.text[1])), one.sense, "", one.text)) for one in (lhs, rhs)]
    return relation_of(sides[0], relation, sides[1])


def shown(value, digits=12):
    """A short decimal."""
    if not gmpy2.is_finite(value):
        return str(value)
    return ("{0:.%dg}" % digits).format(mpfr(value))


def log10(value):
    return gmpy2.log10(mpfr(value))


def hull(first, *others):
    """The smallest truth that contains all of them."""
    lo, hi = first.lo, first.hi
    for other in others:
        lo, hi = min(lo, other.lo), max(hi, other.hi)
    return Truth(lo, hi)


def stable(function, relative=1e-30, start=BITS, limit=4096):
    """function() -> Truth at rising precision until its relative width is at most `relative` (or `limit` bits)."""
    bits = start
    while True:
        with precision(bits):
            truth = function()
            if truth.hi - truth.lo <= abs(truth.hi) * relative or bits * 2 > limit:
                return truth
        bits *= 2
