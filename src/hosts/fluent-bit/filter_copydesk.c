/* A filter plugin of Fluent Bit: each record of a chunk through enrich.h.
 *
 * Option `rulebook`: a folder, else the built-in one. Records that cannot be read as JSON stay as
 * they came. Fluent Bit calls a filter from one thread at a time. */
#include <fluent-bit/flb_filter_plugin.h>
#include <fluent-bit/flb_log_event_decoder.h>
#include <fluent-bit/flb_log_event_encoder.h>

#include "hosts/fluent-bit/enrich.h"

struct plugin {
    flb_sds_t rulebook_folder;
    desk_rulebook *rulebook;
    desk_engine *engine;
    struct flb_filter_instance *ins;
};

static int cb_exit(void *context, struct flb_config *config)
{
    struct plugin *plugin = context;
    (void)config;
    if (!plugin)
        return 0;
    desk_engine_free(plugin->engine);
    desk_rulebook_release(plugin->rulebook);
    flb_free(plugin);
    return 0;
}

static int cb_init(struct flb_filter_instance *ins, struct flb_config *config, void *data)
{
    desk_error err = DESK_ERROR_INIT;
    struct plugin *plugin = flb_calloc(1, sizeof *plugin);
    (void)data;
    if (!plugin)
        return -1;
    plugin->ins = ins;
    desk_status status = flb_filter_config_map_set(ins, plugin) ? DESK_EARGUMENT : DESK_OK;
    if (status == DESK_OK)
        status = plugin->rulebook_folder
                     ? desk_rulebook_load_folder(plugin->rulebook_folder, &plugin->rulebook, &err)
                     : desk_rulebook_load_builtin(&plugin->rulebook, &err);
    if (status == DESK_OK)
        status = desk_engine_new(plugin->rulebook, NULL, &plugin->engine, &err);
    if (status == DESK_OK) {
        flb_filter_set_context(ins, plugin);
        return 0;
    }
    flb_plg_error(ins, "%s", err.message);
    cb_exit(plugin, config);
    return -1;
}

static int put(struct flb_log_event_encoder *encoder, struct flb_log_event *event,
               const msgpack_sbuffer *body)
{
    int status = flb_log_event_encoder_begin_record(encoder);
    if (status == FLB_EVENT_ENCODER_SUCCESS)
        status = flb_log_event_encoder_set_timestamp(encoder, &event->timestamp);
    if (status == FLB_EVENT_ENCODER_SUCCESS)
        status = flb_log_event_encoder_set_metadata_from_msgpack_object(encoder, event->metadata);
    if (status == FLB_EVENT_ENCODER_SUCCESS)
        status = flb_log_event_encoder_set_body_from_raw_msgpack(encoder, body->data, body->size);
    if (status == FLB_EVENT_ENCODER_SUCCESS)
        status = flb_log_event_encoder_commit_record(encoder);
    if (status != FLB_EVENT_ENCODER_SUCCESS)
        flb_log_event_encoder_rollback_record(encoder);
    return status;
}

/* One record; as it came where it cannot be enriched. */
static int filter_event(struct plugin *plugin, struct flb_log_event_decoder *decoder,
                        struct flb_log_event *event, struct flb_log_event_encoder *encoder)
{
    msgpack_sbuffer body;
    msgpack_sbuffer_init(&body);
    int status = enrich_record(plugin->engine, event->body, &body)
                     ? put(encoder, event, &body)
                     : flb_log_event_encoder_emit_raw_record(encoder, decoder->record_base,
                                                             decoder->record_length);
    msgpack_sbuffer_destroy(&body);
    return status;
}

static int cb_filter(const void *data, size_t bytes, const char *tag, int tag_len, void **out_buf,
                     size_t *out_size, struct flb_filter_instance *ins,
                     struct flb_input_instance *input, void *context, struct flb_config *config)
{
    struct flb_log_event_decoder decoder;
    struct flb_log_event_encoder encoder;
    struct flb_log_event event;
    int status = FLB_EVENT_ENCODER_SUCCESS;
    (void)tag, (void)tag_len, (void)input, (void)config;
    if (flb_log_event_decoder_init(&decoder, (char *)data, bytes) != FLB_EVENT_DECODER_SUCCESS)
        return FLB_FILTER_NOTOUCH;
    if (flb_log_event_encoder_init(&encoder, FLB_LOG_EVENT_FORMAT_DEFAULT) !=
        FLB_EVENT_ENCODER_SUCCESS) {
        flb_log_event_decoder_destroy(&decoder);
        return FLB_FILTER_NOTOUCH;
    }
    while (status == FLB_EVENT_ENCODER_SUCCESS &&
           flb_log_event_decoder_next(&decoder, &event) == FLB_EVENT_DECODER_SUCCESS)
        status = filter_event(context, &decoder, &event, &encoder);
    if (status == FLB_EVENT_ENCODER_SUCCESS) {
        *out_buf = encoder.output_buffer;
        *out_size = encoder.output_length;
        flb_log_event_encoder_claim_internal_buffer_ownership(&encoder);
    } else {
        flb_plg_error(ins, "encoding a record failed: %d; the chunk stays as it is", status);
    }
    flb_log_event_decoder_destroy(&decoder);
    flb_log_event_encoder_destroy(&encoder);
    return status == FLB_EVENT_ENCODER_SUCCESS ? FLB_FILTER_MODIFIED : FLB_FILTER_NOTOUCH;
}

static struct flb_config_map config_map[] = {{FLB_CONFIG_MAP_STR, "rulebook", NULL, 0, FLB_TRUE,
                                              offsetof(struct plugin, rulebook_folder),
                                              "folder of a rulebook; default: the built-in one"},
                                             {0}};

struct flb_filter_plugin filter_copydesk_plugin = {.name = "copydesk",
                                                   .description = "Cleans and tags news articles",
                                                   .cb_init = cb_init,
                                                   .cb_filter = cb_filter,
                                                   .cb_exit = cb_exit,
                                                   .config_map = config_map,
                                                   .flags = 0};
