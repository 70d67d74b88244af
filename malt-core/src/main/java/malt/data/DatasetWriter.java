package malt.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.AtomicFile;
import malt.MaltException;

/** A role's sets on their way to their files, which are complete or absent, never half. */
public final class DatasetWriter implements AutoCloseable {
  private final DatasetJson json;
  private final List<AtomicFile> begun = new ArrayList<>();
  private final AtomicFile sft;
  private final AtomicFile dpo;
  private final AtomicFile ppo;
  private int examples;
  private int pairs;
  private int policy;

  /** All files in one directory. */
  public DatasetWriter(Path sft, Path dpo, Path ppo) {
    this.json = new DatasetJson(DatasetFiles.folder(sft));
    try {
      this.sft = begin(sft);
      this.dpo = begin(dpo);
      this.ppo = begin(ppo);
    } catch (MaltException e) {
      begun.forEach(AtomicFile::close);
      throw e;
    }
  }

  private AtomicFile begin(Path path) {
    AtomicFile file = AtomicFile.begin(path);
    begun.add(file);
    return file;
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

  public void add(PolicyExample example) {
    try {
      ppo.out().write(json.line(example) + "\n");
    } catch (IOException e) {
      throw ppo.failed(e);
    }
    policy++;
  }

  public int examples() {
    return examples;
  }

  public int pairs() {
    return pairs;
  }

  public int policy() {
    return policy;
  }

  /** Moves the files into their places. */
  public void complete() {
    begun.forEach(AtomicFile::complete);
  }

  @Override
  public void close() {
    try (ppo;
        dpo) {
      sft.close();
    }
  }
}
