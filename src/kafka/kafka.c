typedef int kafka_empty;
