package malt.torch.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import malt.MalformedDataException;

/** The tokenizers library on one tokenizer.json, without truncation and padding. */
final class NativeTokenizer implements AutoCloseable {
  private static final String CPU_ONLY = "RUST_FLAVOR";
  private static final String OFFLINE = "ai.djl.offline";

  private final HuggingFaceTokenizer tokenizer;

  private NativeTokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * @param json the whole tokenizer.json
   * @param file it came from, for errors
   */
  static NativeTokenizer of(byte[] json, Path file) {
    // Without these two the library asks the network for another build on a machine with CUDA.
    if (System.getenv(CPU_ONLY) == null && System.getProperty(CPU_ONLY) == null) {
      System.setProperty(CPU_ONLY, "cpu");
    }
    if (System.getProperty(OFFLINE) == null) {
      System.setProperty(OFFLINE, "true");
    }
    Map<String, String> options =
        Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
    try {
      return new NativeTokenizer(
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options));
    } catch (IOException | RuntimeException e) {
      throw new MalformedDataException(
          file + " is not a tokenizer that can be read: " + e.getMessage(), e);
    }
  }

  int[] encode(String text, boolean addSpecialTokens) {
    return toInts(tokenizer.encode(wellFormed(text), addSpecialTokens, false).getIds());
  }

  String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
  }

  private static int[] toInts(long[] ids) {
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  /** A surrogate without its other half cannot be UTF-8; it becomes U+FFFD. */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        int[] codePoints =
            text.codePoints().map(c -> c >= 0xd800 && c <= 0xdfff ? 0xfffd : c).toArray();
        return new String(codePoints, 0, codePoints.length);
      }
    }
    return text;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
