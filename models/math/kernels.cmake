# tessera_add_kernels(target): compiles every models/*/*_kernels.c once per instruction set and adds the objects to
# target, with the rest of models/math. All builds give the same bits, so none of these flags may let the compiler
# reorder or fuse floating-point operations; the dispatch at run time is models/math/isa.h.
function(tessera_add_kernels target)
    get_filename_component(models "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/.." ABSOLUTE)
    file(GLOB kernels CONFIGURE_DEPENDS "${models}/*/*_kernels.c")
    file(GLOB plain CONFIGURE_DEPENDS "${models}/math/*.c")
    list(FILTER plain EXCLUDE REGEX "_kernels\\.c$")

    # The folder's own list may hold them: these files mean something only with TSR_ISA_SUFFIX.
    get_target_property(sources ${target} SOURCES)
    list(FILTER sources EXCLUDE REGEX "_kernels\\.c$")
    set_property(TARGET ${target} PROPERTY SOURCES ${sources})
    target_sources(${target} PRIVATE ${plain})

    set(flags_scalar -fno-tree-vectorize -fno-tree-slp-vectorize)
    set(flags_base "")
    set(flags_avx2 -mavx2)
    set(flags_avx512 -mavx512f -mavx512dq -mavx512vl -mavx512bw -mprefer-vector-width=512)
    set(variants scalar base)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
        list(APPEND variants avx2 avx512)
    endif()

    foreach(variant IN LISTS variants)
        set(objects ${target}_kernels_${variant})
        add_library(${objects} OBJECT ${kernels})
        target_compile_definitions(${objects} PRIVATE TSR_ISA_SUFFIX=${variant}
                                   $<$<STREQUAL:${variant},scalar>:TSR_ISA_IS_SCALAR>)
        # -O3 where the configuration optimises at all: gcc 12 vectorises little at -O2.
        target_compile_options(${objects} PRIVATE $<TARGET_PROPERTY:${target},COMPILE_OPTIONS>
                               $<$<NOT:$<CONFIG:Debug>>:-O3> ${flags_${variant}})
        target_include_directories(${objects} PRIVATE $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
        get_target_property(independent ${target} POSITION_INDEPENDENT_CODE)
        if(independent)
            set_property(TARGET ${objects} PROPERTY POSITION_INDEPENDENT_CODE ON)
        endif()
        target_sources(${target} PRIVATE $<TARGET_OBJECTS:${objects}>)
    endforeach()
endfunction()
