package malt.problem;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which problems of a file are taken where not all are wanted. */
public enum Take {
  /** Drawn by a seed, since files may be in an order, as of subject or difficulty. */
  @JsonProperty("drawn")
  DRAWN,

  /** The first. */
  @JsonProperty("first")
  FIRST
}
