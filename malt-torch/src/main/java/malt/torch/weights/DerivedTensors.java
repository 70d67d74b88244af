package malt.torch.weights;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import malt.WeightsException;

/**
 * Tensors that a checkpoint may hold although they follow from its others: a copy of the embedding
 * as the head of a model whose head is tied to it, and the inverse frequencies of the rotary
 * embedding, which are worked out from the configuration.
 */
final class DerivedTensors {
  private static final String HEAD = "lm_head.weight";
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final Pattern FREQUENCIES =
      Pattern.compile("model\\.(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq");
  private static final long COMPARED_AT_ONCE = 1 << 26;

  private final Map<Path, ? extends TensorFile> files;

  DerivedTensors(Map<Path, ? extends TensorFile> files) {
    this.files = files;
  }

  /**
   * Their names.
   *
   * @throws WeightsException if the head is tied and its copy is none
   */
  List<String> names(ModelConfig config) {
    List<String> names = new ArrayList<>();
    files
        .values()
        .forEach(
            header ->
                header.tensors().keySet().stream()
                    .filter(name -> FREQUENCIES.matcher(name).matches())
                    .forEach(names::add));
    if (config.tiedHead() && holds(HEAD) && holds(EMBEDDING)) {
      requireCopy();
      names.add(HEAD);
    }
    return List.copyOf(new TreeSet<>(names));
  }

  private boolean holds(String name) {
    return files.values().stream().anyMatch(header -> header.tensors().containsKey(name));
  }

  private void requireCopy() {
    Place head = place(HEAD);
    Place embedding = place(EMBEDDING);
    boolean same =
        head.type().equals(embedding.type())
            && Arrays.equals(head.entry.shape(), embedding.entry.shape())
            && sameBytes(head, embedding);
    if (!same) {
      throw new WeightsException(
          "%s: tensor %s is not the copy of %s that tie_word_embeddings = true makes of it; set tie_word_embeddings to false in config.json if the head is its own"
              .formatted(head.file, HEAD, EMBEDDING));
    }
  }

  private record Place(Path file, TensorFile.Entry entry) {
    String type() {
      return entry.type().name();
    }

    MappedByteBuffer bytes(long from, long length) throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return channel.map(FileChannel.MapMode.READ_ONLY, entry.begin() + from, length);
      }
    }
  }

  private Place place(String name) {
    return files.entrySet().stream()
        .filter(file -> file.getValue().tensors().containsKey(name))
        .map(file -> new Place(file.getKey(), file.getValue().tensors().get(name)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean sameBytes(Place a, Place b) {
    long length = a.entry.end() - a.entry.begin();
    try {
      for (long from = 0; from < length; from += COMPARED_AT_ONCE) {
        long part = Math.min(COMPARED_AT_ONCE, length - from);
        if (a.bytes(from, part).mismatch(b.bytes(from, part)) >= 0) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new WeightsException("cannot read %s: %s".formatted(a.file, e), e);
    }
  }
}
