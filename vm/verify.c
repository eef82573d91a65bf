#include "vm/verify.h"

#include "base/map.h"
#include "vm/image.h"
#include "vm/verify_parts.h"

static const struct span no_place;

/* ---- messages ---- */

bool verify_refuse(struct verifier *verifier, enum diag_code code, const char *owner, uint32_t number,
                   const char *member)
{
    struct str path = str_format(verifier->arena, "%s[%lu].%s", owner, (unsigned long)number, member);
    diag_add(verifier->out, code, no_place, DIAG_ARGS(path));
    return false;
}

/* "%12 DIV" */
static struct str instruction_name(struct verifier *verifier, uint32_t number)
{
    uint16_t op = verifier->program->code[number].op;
    const struct opcode_info *info = opcode_info(op);
    return info == NULL ? str_format(verifier->arena, "%%%lu 0x%02x", (unsigned long)number, (unsigned)op)
                        : str_format(verifier->arena, "%%%lu %s", (unsigned long)number, info->name);
}

/* "electrolysis.pfc_cf4 at rule.pcr:12", or what is known of it. */
static void note_site(struct verifier *verifier, struct diag *diag, uint32_t number)
{
    const struct program *program = verifier->program;
    const struct prog_site *site = &program->sites[number];
    struct str file = site->file == NO_INDEX ? STR("?") : program->labels[site->file];
    struct str path = site->path == NO_INDEX ? STR("?") : program->labels[site->path];
    struct str place =
        str_format(verifier->arena, "%.*s, %.*s:%lu", STR_FMT(path), STR_FMT(file), (unsigned long)site->line);
    diag_note(verifier->out, diag, T_CODE_SITE, DIAG_ARGS(place));
}

bool verify_refuse_unit(struct verifier *verifier, enum diag_code code, uint32_t instruction, const char *member,
                        uint16_t unit)
{
    const struct program *program = verifier->program;
    struct diag *diag = diag_add(
        verifier->out, code, no_place,
        DIAG_ARGS(instruction_name(verifier, instruction), str_of(member), program->texts[program->units[unit].text]));
    note_site(verifier, diag, instruction);
    return false;
}

bool verify_refuse_code(struct verifier *verifier, enum diag_code code, uint32_t instruction, const char *member)
{
    struct diag *diag =
        diag_add(verifier->out, code, no_place, DIAG_ARGS(instruction_name(verifier, instruction), str_of(member)));
    note_site(verifier, diag, instruction);
    return false;
}

/* ---- names ---- */

void verify_names_begin(struct verifier *verifier)
{
    verifier->stamp++;
}

bool verify_name_is_new(struct verifier *verifier, uint32_t text)
{
    bool is_new = verifier->stamps[text] != verifier->stamp;
    verifier->stamps[text] = verifier->stamp;
    return is_new;
}

/* ---- the code as a whole ---- */

static bool check_code(struct verifier *verifier)
{
    for (uint32_t i = 0; i < verifier->program->code_count; i++) {
        if (!verify_instruction(verifier, i)) {
            return false;
        }
    }
    return true;
}

/* The struct has no padding (24 bytes), so equal bytes are equal instructions. */
static bool check_repetition(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    struct map seen = map_in(verifier->arena);
    for (uint32_t i = 0; i < program->code_count; i++) {
        struct str bytes = {(const char *)&program->code[i], sizeof program->code[i]};
        uint32_t earlier = 0;
        if (map_get(&seen, bytes, &earlier)) {
            struct str number = str_format(verifier->arena, "%lu", (unsigned long)earlier);
            return verify_refuse_code(verifier, D_CODE_TWICE, i, number.at);
        }
        map_add(&seen, bytes, i);
    }
    return true;
}

struct liveness {
    uint8_t *code;
    uint8_t *axes;
};

static void use_axis(const struct program *program, struct liveness *live, uint16_t axis)
{
    while (axis > AXIS_ID_PRODUCT && !live->axes[axis]) {
        const struct prog_axis *shape = &program->axes[axis];
        live->axes[axis] = 1;
        if (shape->kind == AXIS_RANGE) {
            live->code[shape->first] = 1;
            live->code[shape->last] = 1;
        } else if (shape->kind == AXIS_PAIR) {
            use_axis(program, live, (uint16_t)shape->list); /* a list: no deeper than one call */
        }
        axis = shape->parent;
    }
}

static void use_operands(const struct program *program, struct liveness *live, uint32_t number)
{
    const struct instruction *code = &program->code[number];
    const struct opcode_info *info = opcode_info(code->op);
    const uint32_t operands[3] = {code->a, code->b, code->c};
    for (int k = 0; k < 3; k++) {
        if (operand_is_instruction(info->operand[k]) && operands[k] != NO_OPERAND) {
            live->code[operands[k]] = 1;
        }
    }
    if (code->mask != NO_OPERAND) {
        live->code[code->mask] = 1;
    }
    use_axis(program, live, code->axis);
    if (info->imm == IMM_AXIS) {
        use_axis(program, live, code->imm);
    }
}

static void use_one(void *context, uint32_t instruction)
{
    struct liveness *live = context;
    live->code[instruction] = 1;
}

/* Everything is there because a root, a result or a bound of a range needs it. Operands and bounds come before their
   users, so one walk from the end suffices. */
static bool check_use(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    struct liveness live = {arena_array(verifier->arena, uint8_t, program->code_count),
                            arena_array(verifier->arena, uint8_t, program->axis_count)};
    use_axis(program, &live, program->rule.row_axis);
    program_visit_kept(program, KEPT_FOR_RESULTS, use_one, &live);
    program_visit_kept(program, KEPT_FOR_DETAIL, use_one, &live);
    for (uint32_t i = program->code_count; i-- > 0;) {
        if (!live.code[i] && opcode_info(program->code[i].op)->mask != MASK_ROOT) {
            return verify_refuse_code(verifier, D_CODE_DEAD, i, "a");
        }
        use_operands(program, &live, i);
    }
    for (uint32_t i = AXIS_ID_PRODUCT + 1; i < program->axis_count; i++) { /* an axis of a list may go with its data */
        if (!live.axes[i] && program->axes[i].kind != AXIS_LIST) {
            return verify_refuse(verifier, D_PROGRAM_UNUSED, "axes", i, "kind");
        }
    }
    return true;
}

struct verified *verify_program(struct arena *arena, const struct program *program, struct diags *out)
{
    if (!program_check(program, out)) {
        return NULL;
    }
    struct verifier verifier = {.arena = arena, .program = program, .out = out};
    verifier.shapes = arena_array(arena, struct value_shape, program->code_count);
    verifier.stamps = arena_array(arena, uint32_t, program->text_count);
    struct verified *verified = arena_new(arena, struct verified);
    *verified = (struct verified){.program = program, .shapes = verifier.shapes};
    bool is_sound = verify_pools(&verifier) && verify_data(&verifier) && verify_axes(&verifier) &&
                    check_code(&verifier) && verify_bounds(&verifier) && verify_result(&verifier) &&
                    check_repetition(&verifier) && check_use(&verifier) && verify_cost(&verifier, verified);
    return is_sound ? verified : NULL;
}
