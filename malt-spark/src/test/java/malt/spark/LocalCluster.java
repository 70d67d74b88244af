package malt.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import malt.experiment.Stages;
import malt.experiment.Task;

/** A cluster of this machine, whose executors are processes, for as long as a test needs it. */
final class LocalCluster implements AutoCloseable, Stages {
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final SparkCluster cluster;

  private LocalCluster(String master) {
    this.cluster = SparkCluster.connect(master, this);
  }

  /**
   * @param executors of one core each
   */
  static LocalCluster of(int executors) throws IOException {
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    return new LocalCluster("local-cluster[%d,1,1024]".formatted(executors));
  }

  /** The application of a master that runs already. */
  static LocalCluster at(String master) {
    return new LocalCluster(master);
  }

  SparkCluster cluster() {
    return cluster;
  }

  /** What was told so far; may be forgotten. */
  List<String> warnings() {
    return warnings;
  }

  /** The executors that run now. */
  List<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().filter(s -> s.endsWith("/java")).isPresent())
        .toList();
  }

  @Override
  public Stage start(Task task, String unit, long total) {
    return Stages.silent().start(task, unit, total);
  }

  @Override
  public void warn(String sentence) {
    warnings.add(sentence);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
