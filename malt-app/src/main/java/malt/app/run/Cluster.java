package malt.app.run;

import java.io.Serializable;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import malt.ConfigException;
import malt.experiment.Stages;
import malt.model.ModelSource;
import malt.torch.tensor.ProcessGroup;
import malt.training.AdapterTrainer;
import malt.training.TrainingJob;
import malt.training.TrainingListener;
import malt.tree.ChunkExpander;

/** Processes, on one machine or many, that take over work of a run. */
public interface Cluster extends AutoCloseable {

  /** Whoever knows a kind of cluster; a service, since its libraries are large. */
  interface Provider {
    /**
     * Connects to a cluster, or starts one.
     *
     * @param master where it is, as its kind has it
     * @param stages told what goes otherwise than hoped
     */
    Cluster connect(String master, Stages stages);
  }

  /** Has chunks expanded by the models that the processes open, one in each. */
  ChunkExpander expander(ModelSource model);

  /** Trains each adapter by all processes together. */
  AdapterTrainer trainer(GroupTraining training);

  /** What each process does of a training; goes to whatever machine. */
  @FunctionalInterface
  interface GroupTraining extends Serializable {
    /**
     * Runs the jobs to their end, as {@link AdapterTrainer} has it.
     *
     * @param group all processes, each of which does the same; the first writes the adapters
     */
    void train(ProcessGroup group, List<TrainingJob> jobs, TrainingListener listener);
  }

  @Override
  void close();

  /**
   * Connects to Spark.
   *
   * @throws ConfigException where malt-spark is not on the class path
   */
  static Cluster spark(String master, Stages stages) {
    List<Provider> found =
        StreamSupport.stream(ServiceLoader.load(Provider.class).spliterator(), false).toList();
    if (found.isEmpty()) {
      throw new ConfigException(
          "--spark needs the module malt-spark, which is not on the class path: ./malt builds it and puts it there when its arguments hold --spark (mvn -Pspark package)");
    }
    return found.get(0).connect(master, stages);
  }
}
