package malt.model.remote;

/** A request that failed for good. */
final class RequestFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whom it concerns. */
  enum Scope {
    /** No request can succeed: a wrong key, an unknown model, nobody listening. */
    SERVER,
    /** The server understood this request and refuses it: a prompt that is too long. */
    REQUEST,
    /** The server had trouble with this request until patience ran out. */
    TROUBLE
  }

  private final Scope scope;
  private final int status;
  private final String what;

  RequestFailure(Scope scope, int status, String what) {
    super(what);
    this.scope = scope;
    this.status = status;
    this.what = what;
  }

  /** One sentence: who did what. */
  String what() {
    return what;
  }

  Scope scope() {
    return scope;
  }

  /** The HTTP status; 0 where there was no answer. */
  int status() {
    return status;
  }
}
