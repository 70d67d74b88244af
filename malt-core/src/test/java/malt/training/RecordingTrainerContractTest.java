package malt.training;

class RecordingTrainerContractTest extends AdapterTrainerContract {
  @Override
  protected AdapterTrainer trainer() {
    return new RecordingTrainer();
  }
}
