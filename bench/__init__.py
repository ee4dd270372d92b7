"""The benchmark suite (``make bench``): our cost divided by the cost of something that every machine can measure too.

Each benchmark measures both sides in one process, turn by turn, and divides medians: absolute times of a shared machine
mean nothing, ratios taken in one run do. Times are CPU time of this process unless a benchmark says "wall".
"""
