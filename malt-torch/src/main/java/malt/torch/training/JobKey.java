package malt.torch.training;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import malt.torch.adapter.LoraBase;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.training.TrainingJob;
import org.bytedeco.pytorch.Tensor;

/** SHA-256 of all that a job's result depends on. */
final class JobKey {
  private final MessageDigest digest;

  private JobKey() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @param parameters of the adapter before its first step
   */
  static String of(TrainingJob job, LoraBase base, List<Tensor> parameters, Objective data) {
    JobKey key = new JobKey();
    key.add(base.fingerprint());
    key.add(String.valueOf(job.seed()));
    key.add("%s %s%s".formatted(job.method().label(), job.lora(), job.method()));
    parameters.forEach(key::add);
    for (int example = 0; example < data.examples(); example++) {
      for (TokenSequence sequence : data.sequences(example)) {
        key.add(sequence.prompt());
        key.add(sequence.completion());
        TokenSequence.Sampled sampled = sequence.sampled();
        if (sampled != null) {
          key.add(sampled.logProbs());
          key.add(String.valueOf(sampled.advantage()));
        }
      }
    }
    return HexFormat.of().formatHex(key.digest.digest());
  }

  /**
   * @param settings all of them, and what the corpus depends on
   * @param parameters before the first step
   */
  static String of(String settings, List<Tensor> parameters) {
    JobKey key = new JobKey();
    key.add(settings);
    parameters.forEach(key::add);
    return HexFormat.of().formatHex(key.digest.digest());
  }

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    digest.update(bytes);
  }

  private void add(int[] ids) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * ids.length).putInt(ids.length);
    bytes.asIntBuffer().put(ids);
    digest.update(bytes.array());
  }

  private void add(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * values.length).putInt(values.length);
    bytes.asFloatBuffer().put(values);
    digest.update(bytes.array());
  }

  private void add(Tensor parameter) {
    try (TensorScope scope = new TensorScope()) {
      add(Tensors.floats(parameter));
    }
  }
}
