package malt.torch.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeSet;
import malt.WeightsException;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/** Identifies a base model, so that an adapter is never put on another one than its own. */
public final class Fingerprint {
  private static final long WHOLE = 1 << 22;
  private static final int PIECES = 8;
  private static final long PIECE = 1 << 19;

  private Fingerprint() {}

  /**
   * SHA-256 in hexadecimal over the configuration and, in order of their names, each tensor's name,
   * type, shape and bytes as stored; of a tensor beyond 4 million numbers, eight evenly spaced
   * pieces of half a million each.
   */
  public static String of(ModelConfig config, Weights weights) {
    MessageDigest digest = sha256();
    try {
      digest.update(new ObjectMapper().writeValueAsBytes(config));
      digest.update(config.variant().identity().getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new WeightsException("cannot write " + config, e);
    }
    for (String name : new TreeSet<>(weights.names())) {
      Tensor tensor = weights.tensor(name);
      String header =
          "\n%s %s %s\n"
              .formatted(name, weights.type(name), Arrays.toString(Tensors.shape(tensor)));
      digest.update(header.getBytes(StandardCharsets.UTF_8));
      update(digest, tensor);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, Tensor tensor) {
    long elements = tensor.numel();
    if (elements <= WHOLE) {
      update(digest, tensor, 0, elements);
      return;
    }
    for (int piece = 0; piece < PIECES; piece++) {
      update(digest, tensor, (elements - PIECE) * piece / (PIECES - 1), PIECE);
    }
  }

  private static void update(MessageDigest digest, Tensor tensor, long from, long count) {
    try (TensorScope scope = new TensorScope()) {
      digest.update(Tensors.bytes(tensor.flatten().narrow(0, from, count)));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
