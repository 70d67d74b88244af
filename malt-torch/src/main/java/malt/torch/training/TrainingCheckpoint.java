package malt.torch.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.MaltException;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.training.TrainingStep;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.Tensor;

/**
 * A training job on its way, kept beside its output: parameters, optimiser and the steps so far. A
 * job that was stopped goes on from there, and ends with the very parameters it would have ended
 * with.
 */
final class TrainingCheckpoint {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<TrainingStep>> STEPS = new TypeReference<>() {};

  private final Path file;
  private final String job;
  private final Duration every;
  private long last = System.nanoTime();

  /**
   * @param output what the job writes in the end
   * @param key what the job depends on, as text
   * @param every how much work may be lost
   */
  TrainingCheckpoint(Path output, String key, Duration every) {
    this.file = output.resolveSibling(output.getFileName() + ".checkpoint");
    this.job = key;
    this.every = every;
  }

  boolean due() {
    return System.nanoTime() - last >= every.toNanos();
  }

  void save(List<Tensor> parameters, Optimizer optimizer, List<TrainingStep> steps) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (TensorScope scope = new TensorScope()) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      OutputArchive archive = new OutputArchive();
      archive.write("job", new IValue(job));
      archive.write("steps", new IValue(JSON.writeValueAsString(steps)));
      for (int i = 0; i < parameters.size(); i++) {
        archive.write(name(i), parameters.get(i));
      }
      optimizer.save(archive);
      archive.save_to(part.toString());
      AtomicFiles.replace(part, file);
    } catch (IOException | RuntimeException e) {
      throw new MaltException(
          "cannot write %s: %s; check the path and the space left on the disk"
              .formatted(file, firstLine(e)),
          e);
    }
    last = System.nanoTime();
  }

  /**
   * Puts back what was saved, on this device or on another.
   *
   * @return the steps taken until then; none where nothing was saved
   * @throws ConfigException if that was another job
   */
  List<TrainingStep> restore(List<Tensor> parameters, Optimizer optimizer) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      InputArchive archive = new InputArchive();
      archive.load_from(file.toString(), Tensors.beside(parameters.get(0)).place());
      if (!text(archive, "job").equals(job)) {
        throw new ConfigException(
            "%s is of a training with other data, settings or base; go on with those, or remove it to begin anew"
                .formatted(file));
      }
      for (int i = 0; i < parameters.size(); i++) {
        Tensor saved = new Tensor();
        archive.read(name(i), saved);
        parameters.get(i).copy_(saved);
      }
      optimizer.load(archive);
      return JSON.readValue(text(archive, "steps"), STEPS);
    } catch (ConfigException e) {
      throw e;
    } catch (JsonProcessingException | RuntimeException e) {
      throw new MalformedDataException(
          "%s is damaged: %s; remove it to begin anew".formatted(file, firstLine(e)), e);
    }
  }

  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new MaltException("cannot remove %s: %s".formatted(file, e), e);
    }
  }

  private static String name(int parameter) {
    return "parameter" + parameter;
  }

  private static String text(InputArchive archive, String name) {
    IValue value = new IValue();
    archive.read(name, value);
    return value.toStringRef().getString();
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
