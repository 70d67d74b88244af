package malt.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.agent.AgentTeam;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.model.LanguageModel;
import malt.problem.Grader;
import malt.tree.ChunkExpansion;
import malt.tree.CompletionStore;
import malt.tree.Lineage;
import malt.tree.SearchTree;
import malt.tree.TreeJournal;

/**
 * What the chunks of an expansion cost who samples them, and who sends them out and takes them
 * back; in seconds of one processor. The first chunk warms up and does not count.
 *
 * @param seconds of each chunk's sampling
 * @param taskBytes a chunk on its way out, on average
 * @param resultBytes what was sampled of it, on its way back
 * @param unpacking seconds to make objects of that
 * @param journal seconds to write them
 * @param trees seconds to read the trees and value them
 */
record ChunkCosts(
    List<Double> seconds,
    double taskBytes,
    double resultBytes,
    double unpacking,
    double journal,
    double trees) {
  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final String SCOPE = "scale";
  private static final ValueIteration CREDIT = new ValueIteration(0.5, Pooling.GLOBAL);

  /** The journal as it stands, of one scope. */
  private record Held(CompletionStore journal) implements ChunkExpansion.Held {
    @Override
    public List<CompletionStore.Entry> read(Lineage lineage, List<String> problemIds) {
      return journal.read(SCOPE, lineage, problemIds);
    }

    @Override
    public boolean answered(Lineage lineage) {
      return journal.answered(SCOPE, lineage);
    }
  }

  static ChunkCosts measure(
      AgentTeam team, List<ChunkExpansion> chunks, LanguageModel model, Grader grader)
      throws IOException, ClassNotFoundException {
    Path folder = Files.createTempDirectory("chunk-costs");
    List<Double> sampling = new ArrayList<>();
    double[] sums = new double[5];
    try (TreeJournal journal = TreeJournal.open(folder.resolve("journal.db"))) {
      Held held = new Held(journal);
      for (int i = 0; i < chunks.size(); i++) {
        ChunkExpansion chunk = chunks.get(i);
        ArrayList<ChunkExpansion.Turn> turns = new ArrayList<>();
        long start = now();
        chunk.expand(model, held, turns::add);
        double sampled = since(start);
        double task = packed(chunk).length;
        byte[] result = packed(turns);
        start = now();
        unpacked(result);
        double unpacking = since(start);
        start = now();
        turns.forEach(turn -> journal.append(SCOPE, turn.lineage(), turn.sampled()));
        double writing = since(start);
        start = now();
        List<SearchTree> trees = chunk.expand(model, held, turn -> {});
        trees.forEach(tree -> CREDIT.value(tree, team, grader));
        double reading = since(start);
        if (i > 0) {
          sampling.add(sampled);
          double[] these = {task, result.length, unpacking, writing, reading};
          for (int j = 0; j < these.length; j++) {
            sums[j] += these[j] / (chunks.size() - 1);
          }
        }
      }
    }
    return new ChunkCosts(sampling, sums[0], sums[1], sums[2], sums[3], sums[4]);
  }

  /** Mean of a chunk's sampling. */
  double mean() {
    return seconds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** Processor time of this process, to which other programs add nothing. */
  private static long now() {
    return MACHINE.getProcessCpuTime();
  }

  private static double since(long start) {
    return (now() - start) / 1e9;
  }

  private static byte[] packed(Serializable value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  private static Object unpacked(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }
}
