package malt.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import malt.MaltException;
import malt.agent.ToyTeam;
import malt.experiment.Stages;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;
import malt.spark.SeededModel.Trouble;
import malt.tree.Branching;
import malt.tree.ChunkExpander;
import malt.tree.SearchTree;
import malt.tree.TreeExpander;
import malt.tree.TreeJournal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A master and two workers, as {@code malt-spark/standalone} starts them. */
@Timeout(value = 15, unit = TimeUnit.MINUTES) // where something hangs
final class StandaloneTest {
  private static final List<Problem> PROBLEMS = ToyBenchmark.problems(24);

  @TempDir private Path folder;
  private Process cluster;
  private int port;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    assumeTrue(hasTwoLoopbackAddresses(), "this system has one loopback address");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ProcessBuilder builder = new ProcessBuilder("./standalone", "2", String.valueOf(port));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SPARK_WORK", folder.resolve("work").toString());
    builder.environment().put("SPARK_CLASS_PATH", classPath());
    Path log = folder.resolve("log");
    cluster = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    while (!Files.readString(log).contains("with 2 workers")) { // said when the master listens
      assertThat(cluster.isAlive()).as(Files.readString(log)).isTrue();
      Thread.sleep(100);
    }
  }

  private static boolean hasTwoLoopbackAddresses() throws IOException {
    try (ServerSocket second = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
      return second.isBound();
    } catch (BindException e) {
      return false;
    }
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (cluster != null) {
      cluster.destroy(); // the script ends what it has started
      assertThat(cluster.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(cluster.descendants()).isEmpty();
    }
  }

  private List<SearchTree> expand(String journal, ChunkExpander expander) {
    try (TreeJournal open = TreeJournal.open(folder.resolve(journal))) {
      return new TreeExpander(open, expander, "train/joint", 7, 2, progress -> {})
          .expand(ToyTeam.of(), PROBLEMS, new Branching(List.of(2, 3, 2)));
    }
  }

  @Test
  void a_master_that_is_not_there_is_told_of() throws IOException {
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    String masters = "spark://127.0.0.1:%d,localhost".formatted(nobody);
    assertThatThrownBy(() -> Masters.await(masters, Duration.ZERO, Stages.silent()))
        .isInstanceOf(MaltException.class)
        .hasMessageStartingWith("no Spark master answers at " + masters)
        .hasMessageContaining("127.0.0.1:%d: Connection refused".formatted(nobody))
        .hasMessageContaining("localhost: ");
  }

  /** Its workers have an address each, so that Spark takes them for two machines. */
  @Test
  void a_straggler_is_overtaken_by_another_machine() throws IOException {
    Path once = folder.resolve("once");
    SeededModel slow = new SeededModel(Trouble.DELAY, PROBLEMS.get(22).question(), once.toString());
    try (LocalCluster spark = LocalCluster.at("spark://127.0.0.1:" + port)) {
      assertThat(expand("there.db", spark.cluster().expander(slow)))
          .as(Files.readString(folder.resolve("log")))
          .isEqualTo(expand("here.db", ChunkExpander.by(SeededModel.WELL.open())));
      assertThat(once).as("the straggler, which never ends by itself").exists();
      assertThat(spark.warnings()).anyMatch(told -> told.contains("takes far longer"));
    }
  }
}
