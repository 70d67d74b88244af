package malt.nano;

/** What a step does to the running value. */
public enum Operation {
  ADD('+') {
    @Override
    int apply(int left, int right) {
      return left + right;
    }
  },
  SUBTRACT('-') {
    @Override
    int apply(int left, int right) {
      return left - right;
    }
  },
  MULTIPLY('*') {
    @Override
    int apply(int left, int right) {
      return left * right;
    }
  };

  private final char sign;

  Operation(char sign) {
    this.sign = sign;
  }

  char sign() {
    return sign;
  }

  abstract int apply(int left, int right);
}
