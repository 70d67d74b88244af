package malt.torch.text.jinja;

/** What an expression cannot do; the statement around it adds the line. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message, null, false, false);
  }
}
