package malt.spark;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import malt.MaltException;
import malt.app.run.Cluster;
import malt.experiment.Stages;
import malt.model.ModelSource;
import malt.training.AdapterTrainer;
import malt.tree.ChunkExpander;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The executors of one Spark application, which begins and ends with this. Settings of Spark are
 * taken from the system properties {@code spark.*}; those that MALT needs are added.
 */
final class SparkCluster implements Cluster {
  /** What the launcher sets for the driver, executors want too. */
  private static final List<String> ENVIRONMENT =
      List.of(
          "OMP_WAIT_POLICY",
          "MALLOC_MMAP_THRESHOLD_",
          "MALLOC_TRIM_THRESHOLD_",
          "MALLOC_ARENA_MAX",
          "GLIBC_TUNABLES");

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final JavaSparkContext context;
  private final Attention attention;

  private SparkCluster(JavaSparkContext context, Attention attention) {
    this.context = context;
    this.attention = attention;
  }

  /**
   * @throws MaltException if there is no such master, or it cannot be reached
   */
  static SparkCluster connect(String master, Stages stages) {
    Masters.await(master, PATIENCE, stages);
    try {
      JavaSparkContext context = new JavaSparkContext(configuration(master));
      Attention attention = new Attention(stages);
      context.sc().addSparkListener(attention);
      return new SparkCluster(context, attention);
    } catch (RuntimeException e) {
      throw new MaltException(
          "Spark cannot be used at %s: %s".formatted(master, e.getMessage()), e);
    }
  }

  private static SparkConf configuration(String master) {
    SparkConf conf = new SparkConf().setMaster(master).setAppName("malt");
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.speculation", "true"); // a chunk comes out the same twice
    conf.setIfMissing("spark.driver.maxResultSize", "0"); // results are taken as they come
    conf.setIfMissing("spark.executor.extraClassPath", classPath());
    conf.set("spark.executor.extraJavaOptions", javaOptions(conf));
    conf.setExecutorEnv("SPARK_SCALA_VERSION", "2.13");
    for (String name : ENVIRONMENT) {
      String value = System.getenv(name);
      if (value != null) {
        conf.setExecutorEnv(name, value);
      }
    }
    return conf;
  }

  /** This process's own: the executors find it under the same path. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Spark adds what it needs itself. */
  private static String javaOptions(SparkConf conf) {
    List<String> options = new ArrayList<>();
    options.add(conf.get("spark.executor.extraJavaOptions", ""));
    options.add("--add-modules jdk.incubator.vector");
    if (Runtime.version().feature() >= 24) {
      options.add("--enable-native-access=ALL-UNNAMED");
    }
    options.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    options.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    return String.join(" ", options).strip();
  }

  @Override
  public ChunkExpander expander(ModelSource model) {
    return new SparkExpander(new SparkJobs(context), model);
  }

  @Override
  public AdapterTrainer trainer(GroupTraining training) {
    return new SparkTrainer(new SparkJobs(context), training);
  }

  @Override
  public void close() {
    attention.end();
    context.close();
    ExecutorModels.close();
  }
}
