package malt.spark;

import malt.app.run.Cluster;
import malt.experiment.Stages;

/** Connects to Spark. */
public final class SparkProvider implements Cluster.Provider {
  @Override
  public Cluster connect(String master, Stages stages) {
    return SparkCluster.connect(master, stages);
  }
}
