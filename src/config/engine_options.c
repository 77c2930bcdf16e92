/* From the configuration to the engine's options. */
#include "config/config.h"

void config_engine_options(const struct config *config, desk_engine_options *options)
{
    options->format = (desk_format)config->input_format;
    options->evidence = (desk_evidence_level)config->evidence;
    options->input_bytes_max = (size_t)config->limit_input;
    options->output_bytes_max = (size_t)config->limit_output;
    options->memory_bytes_max = (size_t)config->limit_memory;
    options->work_max = (uint64_t)config->limit_work;
    options->json_depth_max = (size_t)config->limit_depth;
    options->aliases = config->aliases;
    options->aliases_count = config->aliases_count;
    options->stages = config->stage_options;
    options->stages_count = config->stages_count;
}
