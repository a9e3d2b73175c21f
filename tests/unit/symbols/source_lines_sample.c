static int twice(int value) { return 2 * value; }

int begin(int value) {
  int sum = 0;
  for (int i = 0; i < value; i++) {
    sum += twice(i);
  }
  return sum;
}
