package malt.data;

import java.io.IOException;
import java.nio.file.Path;
import malt.AtomicFile;
import malt.MaltException;

/** A role's two sets on their way to their files, which are complete or absent, never half. */
public final class DatasetWriter implements AutoCloseable {
  private final DatasetJson json;
  private final AtomicFile sft;
  private final AtomicFile dpo;
  private int examples;
  private int pairs;

  /** Both files in one directory. */
  public DatasetWriter(Path sft, Path dpo) {
    this.json = new DatasetJson(DatasetFiles.folder(sft));
    this.sft = AtomicFile.begin(sft);
    try {
      this.dpo = AtomicFile.begin(dpo);
    } catch (MaltException e) {
      this.sft.close();
      throw e;
    }
  }

  public void add(SftExample example) {
    try {
      sft.out().write(json.line(example) + "\n");
    } catch (IOException e) {
      throw sft.failed(e);
    }
    examples++;
  }

  public void add(PreferencePair pair) {
    try {
      dpo.out().write(json.line(pair) + "\n");
    } catch (IOException e) {
      throw dpo.failed(e);
    }
    pairs++;
  }

  public int examples() {
    return examples;
  }

  public int pairs() {
    return pairs;
  }

  /** Moves both files into their places. */
  public void complete() {
    sft.complete();
    dpo.complete();
  }

  @Override
  public void close() {
    try (sft) {
      dpo.close();
    }
  }
}
