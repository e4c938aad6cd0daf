"""Instances for width, time_horizon, convergence_certificate and score_estimation: fixed ones, each of which once revealed a fault or
attacks a proof at its edge, and random ones."""
import math

from .instances import Instance, drawn_instance, inline, random_vector, rows_of

TRAINING = ("time_horizon", "convergence_certificate")


def scaled(instance, x_exponent, w_exponent):
    """X times 2^x_exponent, W times 2^w_exponent, given as files."""
    instance.x = [[math.ldexp(v, x_exponent) for v in row] for row in instance.x]
    instance.w = [[math.ldexp(v, w_exponent) for v in row] for row in instance.w]
    instance.drawn = None
    return instance


def fixed():
    """All of them."""
    plane = "-0.7,0.1; 0.2,0.3; 0.9,-0.2"
    line = dict(x="-0.7;0.2;0.9", y="0;0;0", w="0.3;0.3;-0.8;-0.8;1;1;-0.2;-0.2", a="1;-1;1;-1;-1;1;1;-1")
    return [
        # sides that are known from one side only
        drawn_instance("short_horizon", 4, 4, 2, 256, 1, set={"e4.multiplier": "0.1"}, trials=2, theorems=("width",)),
        inline("large_labels", "1,0;0.99,0.1", "1000;1000", *_zeros(32, 2), trials=2, theorems=("width",)),
        drawn_instance("widths_not_found", 2, 2, 1, 8, 1, "18.7", trials=2, theorems=("width",)),
        drawn_instance("narrow_paper_width", 2, 2, 1, 8, 1, set={"e3.multiplier": "1e-160"}, trials=2, theorems=("width",)),
        drawn_instance("paper_step_too_large", 2, 2, 1, 8, 1, set={"e3.eta_multiplier": "1e160"}, trials=2, theorems=("width", "time_horizon")),
        drawn_instance("no_steps_at_all", 2, 2, 1, 8, 1, set={"e4.multiplier": "0"}, epsilon="0.5", trials=2, theorems=("width", "time_horizon")),
        drawn_instance("rate_above_one", 2, 2, 1, 8, 1, set={"e3.eta_multiplier": "1e300"}, theorems=("time_horizon",)),
        drawn_instance("mending_delta", 2, 2, 1, 8, 1, delta="0.999", trials=2, theorems=("width",)),
        # formulas at the ends of their domains
        drawn_instance("nothing_to_run", 2, 2, 1, 64, 1, epsilon="100", theorems=TRAINING),
        drawn_instance("target_met_but_below_nd", 2, 2, 1, 64, 1, epsilon="2", theorems=("time_horizon",)),
        inline("zero_labels_run", "1,0;0,1", "0;0", "0.3,-0.2;0.3,-0.2;-0.8,1.1;-0.8,1.1", "1;-1;1;-1", theorems=TRAINING),
        inline("envelope_below_zero", "1", "0.5", "0;0", "1;-1", eta="3", steps=4, theorems=("time_horizon",)),
        inline("envelope_is_zero", "1", "0.5", "0;0", "1;-1", eta="1", steps=3, theorems=("time_horizon",)),
        inline("one_certain_step", "1", "0.5", "0;0", "1;-1", eta="0.25", steps=1, theorems=TRAINING),
        inline("unpaired", "0.6,0.79;1,0", "0.5;0.25", "0.3,-0.2;0.1,0.4;-0.8,1.1;0.2,0.2;0.5,-0.9", "1;-1;1;-1;1", theorems=TRAINING),
        # states that do not belong together; residuals that rise on the way
        scaled(drawn_instance("weights_out_of_step", 2, 2, 1, 64, 1), -38, 38),
        scaled(drawn_instance("long_inputs", 2, 2, 1, 64, 1, epsilon="1.99", steps=60), 4, 0),
        scaled(drawn_instance("long_inputs_wide", 2, 2, 1, 256, 3, epsilon="0.5", steps=60), 3, -3),
        # score estimation
        drawn_instance("negative_base", 3, 2, 2, 64, 1, "6", samples=4, eta="1e-4", steps=10, theorems=("score_estimation",)),
        inline("not_the_interpolant", samples=64, steps=20, theorems=("score_estimation",), **line),
        inline("one_sample", samples=1, steps=5, eta="0.01", theorems=("score_estimation",), **line),
        inline("two_samples_large_delta", samples=2, steps=5, eta="0.01", delta="0.9", theorems=("score_estimation",), **line),
        inline("odd_width_of_score", plane, "0;0;0", "0,0;0,0;0,0", "1;-1;1", samples=3, steps=5, eta="0.01", theorems=("score_estimation",)),
        inline("no_width_of_score", "0.5", "0", "0", "1", samples=3, steps=5, theorems=("score_estimation",)),
        inline("no_multiplier", samples=4, steps=5, eta="0.01", set={"e6.multiplier": "0"}, theorems=("score_estimation",), **line),
        inline("one_point", "0.5", "0", "0.3;0.3", "1;-1", samples=4, steps=5, eta="0.01", theorems=("score_estimation",)),
        inline("same_point_twice", "0.5;0.5;-1", "0;0;0", "0.3;0.3;1;1", "1;-1;1;-1", samples=4, steps=5, eta="0.01",
               theorems=("score_estimation",)),
        inline("outside_of_the_ball", "5;-5", "0;0", "0.3;0.3;1;1", "1;-1;1;-1", samples=4, steps=5, eta="0.01", theorems=("score_estimation",)),
    ]


def _zeros(m, d_in):
    """A network of equal neurons, as texts: for theorems that draw their own."""
    return ";".join(",".join(["0.1"] * d_in) for _ in range(m)), ";".join(["1", "-1"][k % 2] for k in range(m))


def random_one(rng, number):
    """A random instance for two of the theorems."""
    kind = rng.choice(["descent"] * 9 + ["score"] * 2 + ["width"])
    return {"descent": _descent, "score": _score, "width": _width}[kind](rng, number)


def _descent(rng, number):
    """Networks that are often wide enough for a certificate, with steps near their limit, long inputs, targets met on the way."""
    n, d, d_in = rng.choice([1, 1, 2, 2, 3]), rng.choice([1, 1, 2]), rng.choice([1, 2, 3, 4])
    m, sigma = rng.choice([2, 4, 4, 8, 8, 16, 16, 32, 64]), rng.choice([0.0, 0.3, 1.0, 1.0, 2.0])
    more = dict(epsilon=rng.choice(["0.01", "0.01", "1e-6", "0.3", "0.9", "1e-30"]), steps=rng.choice([1, 5, 5, 40, 120]))
    if rng.random() < 0.4:
        more["eta"] = repr(rng.choice([0.05, 0.2, 0.5, 1.0, 2.0, 1e-3]) * 2.0 ** rng.randrange(-3, 2))
    length = rng.choice([None, 1.0, 1.0, 0.1, 3.0])
    x = [random_vector(rng, d_in, length) for _ in range(n)]
    y = [random_vector(rng, d, rng.choice([1.0, 0.1, 0.001])) for _ in range(n)]
    rows = [[rng.gauss(0, sigma) for _ in range(d_in)] for _ in range(m // 2)]
    if rng.random() < 0.75:
        signs = [[rng.choice([-1, 1]) for _ in range(d)] for _ in rows]
        w, a = [r for row in rows for r in (row, list(row))], [s for sign in signs for s in (sign, [-v for v in sign])]
    else:
        w = rows + [[rng.gauss(0, sigma) for _ in range(d_in)] for _ in rows]
        a = [[rng.choice([-1, 1]) for _ in range(d)] for _ in w]
    return Instance("descent%d" % number, x, y, w, a, sigma="1", theorems=TRAINING, **more)


def _score(rng, number):
    """A law of a few rows, a network small enough to be trained here, a step that is safe for H(0): eta m trace(H) <= 1."""
    n, d, m, samples = rng.choice([1, 2, 3, 4]), rng.choice([1, 1, 2, 3]), rng.choice([2, 2, 4, 4, 8, 8, 16, 32]), rng.choice([1, 2, 3, 4, 6])
    sigma = rng.choice(["1", "1", "0.5", "2", "0.1"])
    eta = repr(rng.choice([0.5, 0.1]) / (m * d * samples * min(m, 8 if sigma != "2" else 64)))
    more = dict(samples=samples, steps=rng.choice([1, 5, 20, 30]), eta=eta, delta=rng.choice(["0.1", "0.1", "0.75", "1e-6"]),
                theorems=("score_estimation",))
    if rng.random() < 0.2:
        more["set"] = {rng.choice(["e6.c_1", "e6.c_Lambda", "e6.multiplier"]): rng.choice(["0.01", "3"])}
    if rng.random() < 0.2:
        more["set"] = dict(more.get("set", {}), **{"e6.T": rng.choice(["1", "3.7"]), "e6.g": rng.choice(["0.3", "2"])})
    return drawn_instance("score%d" % number, n, d, d, m, rng.randrange(2 ** 31), sigma, **more)


def _width(rng, number):
    """Small data, so that the searches of the program are short."""
    n, d, d_in = rng.choice([1, 2, 3]), rng.choice([1, 2]), rng.choice([1, 2, 3])
    more = dict(delta=rng.choice(["0.1", "0.01", "0.9"]), epsilon=rng.choice(["0.01", "0.5", "1.5", "3", "1e-9"]), trials=2,
                theorems=("width",))
    if rng.random() < 0.5:
        more["set"] = {rng.choice(["e3.multiplier", "e3.eta_multiplier", "e4.multiplier", "e0.C"]): rng.choice(["1e-30", "0.1", "3", "1e40"])}
    sigma = rng.choice(["1", "1", "0.5", "0.1", "2"])
    return drawn_instance("width%d" % number, n, d_in, d, 8, rng.randrange(2 ** 31), sigma, **more)
