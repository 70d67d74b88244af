package malt.torch.text.jinja;

/** Python's None. */
enum None {
  NONE;

  @Override
  public String toString() {
    return "None";
  }
}
