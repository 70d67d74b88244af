package malt.app.cli;

import malt.app.run.Cluster;
import malt.experiment.Stages;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** For commands whose work can be spread over machines. */
final class ClusterOption {
  @Option(
      names = "--spark",
      paramLabel = "MASTER",
      description =
          "have this Spark cluster do it: spark://HOST:PORT, or on this machine local[N] or"
              + " local-cluster[WORKERS,CORES,MB]; see docs/spark.md")
  private @Nullable String master;

  /** Null where this process does everything. */
  @Nullable Cluster connect(Stages stages) {
    return master == null ? null : Cluster.spark(master, stages);
  }
}
