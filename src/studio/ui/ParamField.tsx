// One hyper-parameter's control, generated from its declaration.
import { NumberInput, Select, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ParamSpec, ParamValue } from '../../domain/params.ts';
import { paramHelp, paramName, paramOption } from '../i18n/names.ts';

interface ParamFieldProps {
  readonly name: string;
  readonly spec: ParamSpec;
  readonly value: ParamValue;
  readonly onChange: (value: ParamValue) => void;
}

export function ParamField({ name, spec, value, onChange }: ParamFieldProps) {
  const { t } = useTranslation();
  const label = paramName(t, name, spec);
  const title = paramHelp(t, name);
  switch (spec.kind) {
    case 'number':
      return (
        <NumberInput
          label={label}
          title={title}
          value={Number(value)}
          min={spec.min}
          max={spec.max}
          step={spec.step}
          clampBehavior="strict"
          allowDecimal={spec.integer !== true}
          onChange={(next) => typeof next === 'number' && onChange(next)}
          data-testid={`param-${name}`}
        />
      );
    case 'choice':
      return (
        <Select
          label={label}
          title={title}
          value={String(value)}
          data={spec.options.map((option) => ({ value: option, label: paramOption(t, name, option) }))}
          onChange={(next) => next !== null && onChange(next)}
          data-testid={`param-${name}`}
        />
      );
    case 'toggle':
      return (
        <Switch
          label={label}
          title={title}
          size="xs"
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
          data-testid={`param-${name}`}
        />
      );
    default:
      return spec satisfies never;
  }
}
