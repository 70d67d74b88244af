package malt.app.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import malt.AtomicFiles;
import malt.training.TrainingStep;

/** Metrics by step, under TRL's names, as JSON lines. */
public final class TrainingLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringBuilder lines = new StringBuilder();

  public void add(TrainingStep step) {
    ObjectNode line = JSON.createObjectNode();
    line.put("step", step.step());
    line.put("tokens", step.tokens());
    step.metrics().forEach(line::put);
    try {
      lines.append(JSON.writeValueAsString(line)).append('\n');
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // numbers under names always can be written
    }
  }

  public void write(Path file) {
    AtomicFiles.write(file, lines.toString());
  }
}
