#include "job/amt_table.hpp"

namespace tunesmith::amt {

const char* const request_table = R"(HyperParameterTuningJobName! text 1 32 hyphenated
HyperParameterTuningJobConfig! struct
  Strategy! one_of Bayesian Random Hyperband Grid
  StrategyConfig struct
    HyperbandStrategyConfig struct
      MinResource int 1 -
      MaxResource int 1 -
  HyperParameterTuningJobObjective struct
    Type! one_of Maximize Minimize
    MetricName! text 1 255 line
  ResourceLimits! struct
    MaxNumberOfTrainingJobs int 1 -
    MaxParallelTrainingJobs! int 1 -
    MaxRuntimeInSeconds int 120 15768000
  ParameterRanges struct
    @ranges
  TrainingJobEarlyStoppingType one_of Off Auto
  TuningJobCompletionCriteria struct
    TargetObjectiveMetricValue float
    BestObjectiveNotImproving struct
      MaxNumberOfTrainingJobsNotImproving int 3 -
    ConvergenceDetected struct
      CompleteOnConvergence one_of Disabled Enabled
  RandomSeed int 0 -
TrainingJobDefinition struct
  @definition
TrainingJobDefinitions list 1 10
  []! struct
    @definition
WarmStartConfig struct
  ParentHyperParameterTuningJobs! list 1 5
    []! struct
      HyperParameterTuningJobName text 1 32 hyphenated
  WarmStartType! one_of IdenticalDataAndAlgorithm TransferLearning
Tags list 0 50
  []! struct
    Key! text 1 128 tag
    Value! text 0 256 tag
Autotune struct
  Mode! one_of Enabled
)";

const char* const ranges_table = R"(IntegerParameterRanges list 0 30
  []! struct
    Name! text 0 256 line
    MinValue! text 0 256 line
    MaxValue! text 0 256 line
    ScalingType one_of Auto Linear Logarithmic ReverseLogarithmic
ContinuousParameterRanges list 0 30
  []! struct
    Name! text 0 256 line
    MinValue! text 0 256 line
    MaxValue! text 0 256 line
    ScalingType one_of Auto Linear Logarithmic ReverseLogarithmic
CategoricalParameterRanges list 0 30
  []! struct
    Name! text 0 256 line
    Values! list 1 30
      []! text 0 256 line
AutoParameters list 0 100
  []! struct
    Name! text 0 256 line
    ValueHint! text 0 256 line
)";

const char* const definition_table = R"(DefinitionName text 1 64 hyphenated
TuningObjective struct
  Type! one_of Maximize Minimize
  MetricName! text 1 255 line
HyperParameterRanges struct
  @ranges
StaticHyperParameters map 0 100
  {key}! text 0 256 line
  {value}! text 0 2500 line
AlgorithmSpecification! struct
  TrainingImage text 0 255 line
  TrainingInputMode! one_of Pipe File FastFile
  AlgorithmName text 1 170 algorithm
  MetricDefinitions list 0 40
    []! struct
      Name! text 1 255 line
      Regex! text 1 500 line
RoleArn! text 20 2048 role
InputDataConfig list 1 20
  []! struct
    ChannelName! text 1 64 channel
    DataSource! struct
      S3DataSource struct
        S3DataType! one_of ManifestFile S3Prefix AugmentedManifestFile Converse
        S3Uri! text 0 1024 s3
        S3DataDistributionType one_of FullyReplicated ShardedByS3Key
        AttributeNames list 0 16
          []! text 1 256 line
        InstanceGroupNames list 0 5
          []! text 1 64 line
        ModelAccessConfig struct
          AcceptEula! bool
        HubAccessConfig struct
          HubContentArn! text 0 255 line
      FileSystemDataSource struct
        FileSystemId! text 11 21 file_system
        FileSystemAccessMode! one_of rw ro
        FileSystemType! one_of EFS FSxLustre
        DirectoryPath! text 0 4096 line
      DatasetSource struct
        DatasetArn! text 0 2048 dataset
    ContentType text 0 256 line
    CompressionType one_of None Gzip
    RecordWrapperType one_of None RecordIO
    InputMode one_of Pipe File FastFile
    ShuffleConfig struct
      Seed! int - -
VpcConfig struct
  SecurityGroupIds! list 1 5
    []! text 0 32 network
  Subnets! list 1 16
    []! text 0 32 network
OutputDataConfig! struct
  KmsKeyId text 0 2048 key
  S3OutputPath! text 0 1024 s3
  CompressionType one_of GZIP NONE
ResourceConfig struct
  InstanceType text - - instance
  InstanceCount int 0 -
  VolumeSizeInGB int 0 -
  VolumeKmsKeyId text 0 2048 key
  KeepAlivePeriodInSeconds int 0 21600
  InstanceGroups list 0 5
    []! struct
      InstanceType! text - - instance
      InstanceCount! int 0 -
      InstanceGroupName! text 1 64 line
  TrainingPlanArn text 50 2048 plan
  InstancePlacementConfig struct
    EnableMultipleJobs bool
    PlacementSpecifications list 0 10
      []! struct
        UltraServerId text 0 256
        InstanceCount! int 0 -
  InstancePreferences list 1 5
    []! struct
      InstanceType! text - - instance
      InstanceCount int 0 -
      TrainingPlanArns list 1 1
        []! text 50 2048 plan
  SelectedInstanceType text - - instance
  SelectedInstanceCount int 0 -
HyperParameterTuningResourceConfig struct
  InstanceType text - - instance
  InstanceCount int 0 -
  VolumeSizeInGB int 0 -
  VolumeKmsKeyId text 0 2048 key
  AllocationStrategy one_of Prioritized
  InstanceConfigs list 1 6
    []! struct
      InstanceType! text - - instance
      InstanceCount! int 0 -
      VolumeSizeInGB! int 1 -
StoppingCondition! struct
  MaxRuntimeInSeconds int 1 -
  MaxWaitTimeInSeconds int 1 -
  MaxPendingTimeInSeconds int 1800 2419200
EnableNetworkIsolation bool
EnableInterContainerTrafficEncryption bool
EnableManagedSpotTraining bool
CheckpointConfig struct
  S3Uri! text 0 1024 s3
  LocalPath text 0 4096 line
RetryStrategy struct
  MaximumRetryAttempts! int 1 30
Environment map 0 48
  {key}! text 0 512 identifier
  {value}! text 0 512
)";

}  // namespace tunesmith::amt
