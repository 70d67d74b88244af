package malt.torch.text.jinja;

/**
 * What a missing name or attribute evaluates to: false, empty and printed as nothing, but an error
 * to call, to look into or to compute with.
 */
record Undefined(String name) {
  Refusal refusal() {
    return new Refusal("'" + name + "' is undefined");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "";
  }
}
