// What the host takes for its part of a timer's ticks: sleeps until each of them, and does nothing else.
//   sleeping_ticks HZ SECONDS    prints milliseconds of CPU time
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char** argv) {
  const long hz = argc == 3 ? atol(argv[1]) : 0, seconds = argc == 3 ? atol(argv[2]) : 0;
  if (hz < 1 || seconds < 1) {
    fprintf(stderr, "usage: sleeping_ticks HZ SECONDS\n");
    return 2;
  }
  struct timespec tick, taken;
  clock_gettime(CLOCK_MONOTONIC, &tick);
  for (long i = 0; i < hz * seconds; ++i) {
    tick.tv_nsec += 1000000000 / hz;
    if (tick.tv_nsec >= 1000000000) {
      tick.tv_nsec -= 1000000000;
      ++tick.tv_sec;
    }
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &tick, NULL) == EINTR) {
    }
  }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &taken);
  printf("%.1f\n", taken.tv_sec * 1e3 + taken.tv_nsec / 1e6);
  return 0;
}
