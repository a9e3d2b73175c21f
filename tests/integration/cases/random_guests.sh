# Random programs, run freely and under a debugger that does random things: the results must be the same.
# needs: python3
# timeout: 100
PYTHONDONTWRITEBYTECODE=1 python3 "$(dirname "$0")/../../random/random_guests.py" "$GDBVM" --seeds 100 --seconds 30
