package malt.model;

import java.io.Serializable;

/**
 * Opens a language model on whatever machine it comes to. Equal sources open models that sample
 * alike, so that a process needs one of them.
 */
@FunctionalInterface
public interface ModelSource extends Serializable {
  /** The caller closes it. */
  LanguageModel open();
}
