"""What the machine can do at most, measured with NumPy: products of matrices, and reading memory."""

import time

import numpy as np

SIZES = {"f64": 8, "f32": 4}
TYPES = {"f64": np.float64, "f32": np.float32}
SQUARE = 2048
READ_BYTES = 1 << 29
TRIES = 7


class Machine:
    """Peak of floating-point operations for each precision, and bandwidth, each per second."""

    def __init__(self):
        self.flops = {dtype: 2 * SQUARE**3 / fastest(product(dtype)) for dtype in TYPES}
        values = np.ones(READ_BYTES // 8)
        self.bandwidth = values.nbytes / fastest(values.sum)

    def iteration(self, dtype, rows, columns, clusters):
        """Seconds of an iteration of Lloyd's algorithm that computes every distance: operations or bytes bound it."""
        operations = 2 * rows * columns * clusters / self.flops[dtype]
        return max(operations, rows * columns * SIZES[dtype] / self.bandwidth)

    def text(self):
        rates = [f"{dtype} product of matrices {rate / 1e9:.0f} GFLOP/s" for dtype, rate in self.flops.items()]
        return f"bounds, measured with NumPy: {', '.join(rates)}, sum of an array {self.bandwidth / 1e9:.1f} GB/s"


def product(dtype):
    square = np.ones((SQUARE, SQUARE), dtype=TYPES[dtype])
    result = np.empty_like(square)
    return lambda: np.matmul(square, square, out=result)


def fastest(work):
    times = []
    for _ in range(TRIES):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
