"""The counter-based generator: drawn X, Y, W and A bit for bit.

Philox4x32-10 (Salmon et al., SC 2011), key = seed (low word first), counter = row (two words), block of columns (low word), block's high
word with the stream in its top byte; two 64-bit words a block. Normals by Wichura's AS 241 in plain double with a logarithm of
+ - * / alone. Python's floats are IEEE doubles and never contracted, so the doubles are the same.
"""
import math
import struct

from .numbers import rational

WEIGHTS, SIGNS, INPUTS, LABELS = 0, 1, 2, 3
_MASK = 0xFFFFFFFF


def philox(key, counter):
    """Ten rounds of Philox4x32 on four words."""
    k0, k1 = key
    c0, c1, c2, c3 = counter
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & _MASK, (p0 >> 32) ^ c3 ^ k1, p0 & _MASK
        k0, k1 = (k0 + 0x9E3779B9) & _MASK, (k1 + 0xBB67AE85) & _MASK
    return c0, c1, c2, c3


def block_bits(seed, stream, row, block):
    """128 bits as two 64-bit words."""
    words = philox((seed & _MASK, seed >> 32), (row & _MASK, row >> 32, block & _MASK, (block >> 32) | stream << 24))
    return words[0] | words[1] << 32, words[2] | words[3] << 32


def uniform(bits):
    """(2 floor(bits / 2^12) + 1) 2^-53."""
    return float(2 * (bits >> 12) + 1) * 2.0 ** -53


def _horner(coefficients, x):
    value = coefficients[0]
    for c in coefficients[1:]:
        value = value * x + c
    return value


_CENTRE = ([2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
            1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080],
           [5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867, 5394.1960214247511077,
            687.18700749205790830, 42.313330701600911252, 1.0])
_TAIL = ([7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
          3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734],
         [1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
          6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1.0])
_FAR = ([2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
         2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720],
        [2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
         1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0])


def plain_log(x):
    """log x by + - * / alone, x = 2^e f with f in [sqrt(1/2), sqrt 2)."""
    bits = struct.unpack("<q", struct.pack("<d", x))[0]
    e = (bits - 0x3FE6A09E667F3BCD) >> 52
    f = struct.unpack("<d", struct.pack("<q", bits - (e << 52)))[0]
    s = (f - 1.0) / (f + 1.0)
    square = s * s
    series = [1.0 / k for k in range(21, 2, -2)]
    log_f = 2.0 * s + 2.0 * s * (square * _horner(series, square))
    return float(e) * float.fromhex("0x1.62e42fee00000p-1") + (log_f + float(e) * float.fromhex("0x1.a39ef35793c76p-33"))


def normal(bits):
    """Phi^-1 of the uniform."""
    q = uniform(bits) - 0.5
    size = abs(q)
    if size <= 0.425:
        square = 0.180625 - q * q
        return q * (_horner(_CENTRE[0], square) / _horner(_CENTRE[1], square))
    r = math.sqrt(-plain_log(0.5 - size))
    table, shifted = (_TAIL, r - 1.6) if r <= 5.0 else (_FAR, r - 5.0)
    return math.copysign(_horner(table[0], shifted) / _horner(table[1], shifted), q)


def normals(seed, stream, row, count):
    """The first `count` normals of a row."""
    result = []
    for block in range((count + 1) // 2):
        result += [normal(word) for word in block_bits(seed, stream, row, block)]
    return result[:count]


def signs(seed, row, count):
    """The first `count` signs of a row of A."""
    result = []
    for column in range(count):
        if column % 128 == 0:
            words = block_bits(seed, SIGNS, row, column // 128)
        place = column % 128
        result.append(-1 if words[place // 64] >> (place % 64) & 1 else 1)
    return result


def in_unit_ball(row):
    """Exactly: sum of squares <= 1."""
    return sum(rational(v) ** 2 for v in row) <= 1


def sphere_point(seed, stream, row, count):
    """A normal vector over its length in double, times 1 - 2^-52 until it is in the unit ball."""
    point = normals(seed, stream, row, count)
    total = 0.0
    for v in point:
        total += v * v
    norm = math.sqrt(total)
    point = [v / norm for v in point]
    while not in_unit_ball(point):
        point = [v * (1 - 2.0 ** -52) for v in point]
    return point


def data(seed, n, d_in, d):
    """Drawn X and Y."""
    return ([sphere_point(seed, INPUTS, i, d_in) for i in range(n)], [sphere_point(seed, LABELS, i, d) for i in range(n)])


def network(seed, sigma, m, d_in, d):
    """Drawn W and A: pair k has neurons 2k and 2k + 1."""
    w, a = [], []
    for pair in range(m // 2):
        row = [v * sigma for v in normals(seed, WEIGHTS, pair, d_in)]
        sign = signs(seed, pair, d)
        w += [row, list(row)]
        a += [sign, [-s for s in sign]]
    return w, a
