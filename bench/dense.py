"""The kernel and its least eigenvalue as one writes them in NumPy, uncertified.

Reads a network (X, W, A as raw arrays) from the files named on the command line. Then, for each line on standard input,
does what it says once and answers "seconds value"; the seconds are measured here, so that starting Python does not count.
"""

import ctypes
import platform
import sys
import time

import numpy as np


def lambda_min_of_kernel(x, w, a):
    n, d, m = x.shape[0], a.shape[1], w.shape[0]
    s = x @ w.T
    s -= s.max(axis=1, keepdims=True)
    np.exp(s, out=s)
    s /= s.sum(axis=1, keepdims=True)
    p = s @ a
    s *= m
    g = ((a.T[:, None, :] - p.T[:, :, None]) * s[None, :, :]).reshape(n * d, m)
    h = np.tile(x @ x.T, (d, d)) * (g @ g.T) / m
    return np.linalg.eigvalsh(h)[0]


def blas_kernel():
    """Which loops OpenBLAS has chosen for this processor, if it is OpenBLAS."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line and ".so" in line}
    for path in sorted(paths):
        for name in ("openblas_get_corename", "openblas_get_corename64_", "scipy_openblas_get_corename64_"):
            get = getattr(ctypes.CDLL(path), name, None)
            if get is not None:
                get.restype = ctypes.c_char_p
                return "OpenBLAS for " + get().decode()
    return "BLAS unknown"


def main():
    n, d_in, d, m, size = map(int, sys.argv[1:6])
    x = np.fromfile(sys.argv[6]).reshape(n, d_in)
    w = np.fromfile(sys.argv[7]).reshape(m, d_in)
    a = np.fromfile(sys.argv[8], dtype=np.int8).reshape(m, d).astype(float)
    matrix = np.fromfile(sys.argv[9]).reshape(size, size)
    rng = np.random.default_rng(1)

    def drawn():
        pairs = rng.standard_normal((m // 2, d_in))
        signs = rng.integers(0, 2, (m // 2, d)) * 2.0 - 1
        return lambda_min_of_kernel(x, np.repeat(pairs, 2, axis=0), np.stack((signs, -signs), 1).reshape(m, d))

    tasks = {
        "stored": lambda: lambda_min_of_kernel(x, w, a),
        "drawn": drawn,
        "eigenvalue": lambda: np.linalg.eigvalsh(matrix)[0],
    }
    for task in tasks.values():
        task()  # starts threads and fetches memory, outside any time
    print(f"NumPy {np.__version__}, Python {platform.python_version()}, {blas_kernel()}", flush=True)
    for line in sys.stdin:
        task = tasks[line.strip()]
        start = time.perf_counter()
        value = task()
        seconds = time.perf_counter() - start
        time.sleep(0.1)  # threads of the BLAS spin for a while after their work; what is measured next must not feel it
        print(f"{seconds!r} {float(value)!r}", flush=True)


if __name__ == "__main__":
    main()
