package malt.torch.tensor;

import malt.MaltException;

/** Another process of a group is gone, so that this one cannot go on. */
public final class PeerLostException extends MaltException {
  private static final long serialVersionUID = 1L;

  PeerLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
