// Work to measure a debugger on: a function that is called forever, and a loop to step over, run on request.
volatile unsigned long rounds;
volatile unsigned long looping;

void work(unsigned long round) { rounds = round; }

void loop(void) {
  for (volatile unsigned i = 0; i < 1000; i++) continue;
}

int kernel_main(void) {
  for (unsigned long round = 0;; round++) {
    work(round);
    if (looping) loop();
  }
}
