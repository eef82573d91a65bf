/* Every bound of the machine, with its reason. A rule within them loads and runs; one past them is refused with a message.
   tests/limit holds each at the limit and one past it. */
#ifndef ZUJI_VM_LIMITS_H
#define ZUJI_VM_LIMITS_H

enum {
    LIMIT_INSTRUCTIONS = 65536,     /* garment: some 650; bounds inlining too */
    LIMIT_NAMINGS = 1048576,        /* places where constants that hold CO2e are said */
    LIMIT_ITEMS = 65536,            /* formulas that a rule names, a call of a function counted each time; beyond, explanations name fewer */
    LIMIT_AXES = 256,
    LIMIT_AXIS_DEPTH = 4,           /* product, list, list in list, pair */
    LIMIT_FIELDS = 4096,
    LIMIT_LIST_DEPTH = 3,
    LIMIT_CHOICES = 1024,
    LIMIT_MEMBERS = 4096,           /* members of one choice */
    LIMIT_TABLES = 1024,
    LIMIT_TABLE_DIMENSIONS = 3,
    LIMIT_TABLE_CELLS = 1048576,    /* product of the dimensions' sizes of one table */
    LIMIT_COLUMNS = 256,
    LIMIT_FACTORS = 1024,
    LIMIT_NATIVES = 256,
    LIMIT_NATIVE_PARAMS = 3,        /* operands of an instruction */
    LIMIT_FACTOR_KEYS = 3,
    LIMIT_PHASES = 256,
    LIMIT_CATEGORIES = 16,
    LIMIT_BREAKDOWNS = 64,
    LIMIT_BREAKDOWN_MEMBERS = 1024, /* of one breakdown */
    LIMIT_STAGES = 1024,
    LIMIT_FLOWS = 8192,
    LIMIT_PARTS = 16384,
    LIMIT_FLOW_PARTS = 256,         /* of one flow: categories times gases */
    LIMIT_ALLOCATIONS = 8192,
    LIMIT_ALLOCATION_SHARES = 1024, /* formulas of one allocation */
    LIMIT_OUTPUTS = 1024,
    LIMIT_GRADES = 64,
    LIMIT_UNITS = 16384,
    LIMIT_UNIT_TEXT = 1024,         /* bytes of the text of one unit: each is read when a compiled rule is loaded */
    LIMIT_GENERATORS = 4096,
    LIMIT_CONSTANTS = 1048576,
    LIMIT_CONSTANT_BITS = 65536,    /* numerator and denominator together; a constant is written out by people; far beyond any figure */
    LIMIT_RATIONAL_BITS = 65536,    /* numerator and denominator together: longer numbers are known by enclosures, SPEC 7.1 */
    LIMIT_TEXTS = 1048576,          /* texts, and labels: each */
    LIMIT_TEXT = 65535,             /* bytes of one text */
    LIMIT_PRODUCT_ID = 1024,        /* bytes of what a product is called in the data: messages and results repeat it */
    LIMIT_IMAGE = 67108864,         /* bytes of a compiled rule */
    LIMIT_RANGE = 10000,            /* rows of a range axis inside one row */
    LIMIT_RANGE_BOUND = 1000000000, /* magnitude of a constant bound of a range */
    LIMIT_RESULT_FIGURES = 4194304, /* of one product: rows of results times parts, reports and stages */
    LIMIT_COST_TERMS = 32,          /* of the cost polynomial */
    LIMIT_CHUNK_PRODUCTS = 1024,
    LIMIT_CHUNK_ROWS = 8192,
    LIMIT_RECORD = 268435456,       /* bytes of one product in the data */
    LIMIT_FOLDER = 268435456,       /* bytes of the CSV files of one folder, which is read as a whole */
    LIMIT_PRODUCT_MESSAGES = 20,    /* worded messages for one product */
    LIMIT_FACTOR_MESSAGES = 100,    /* worded errors about one file of factors, and as many warnings */
    LIMIT_RUN_MESSAGES = 10000      /* failed products that get worded messages in one run */
};

#define LIMIT_COST UINT64_C(100000000) /* default budget of one product, in instructions times rows */
#define LIMIT_WORK_OF_COST UINT64_C(100) /* steps on long numbers for each of them: some ten seconds in all, SPEC 9.4 */

#endif
