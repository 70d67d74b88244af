# The environment in which LibTorch's memory and threads serve MALT best; what the user has set stands.

# Threads of LibTorch that wait must sleep: spinning, they hold the cores that OpenBLAS computes on.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"

# glibc gives freed memory back, and the next operation has it zeroed by the system again: keep it.
export MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_:-33554432}" # the most that glibc takes
export MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-4294967296}"
# What it keeps is kept by arena, of which every few threads would have one. Threads of a team that
# have the same one wait for each other, so there are two for each processor.
processors="$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)"
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-$((2 * processors))}"

# Weights, keys and values are read from memory a fifth faster where its pages are large (glibc 2.35).
export GLIBC_TUNABLES="${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}"
