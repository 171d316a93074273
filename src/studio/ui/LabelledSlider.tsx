// A slider with its name and its value in one line above it.
import { Group, Slider, Text } from '@mantine/core';
import { useId } from 'react';

interface LabelledSliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
  readonly format?: (value: number) => string;
  readonly help?: string;
  readonly testId?: string;
}

export function LabelledSlider(props: LabelledSliderProps) {
  const { label, value, min, max, step, onChange, format = (number) => number.toFixed(2), help, testId } = props;
  const id = useId();
  return (
    <div title={help}>
      <Group justify="space-between" wrap="nowrap" gap="xs" mb={4}>
        <Text size="xs" id={id}>
          {label}
        </Text>
        <Text size="xs" fw={600} className="tabular">
          {format(value)}
        </Text>
      </Group>
      <Slider
        size="sm"
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={onChange}
        label={null}
        thumbLabel={label}
        thumbValueText={format}
        data-testid={testId}
      />
    </div>
  );
}
